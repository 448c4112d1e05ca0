#include "services/processing/brain/paper.h"

#include <future>

#include "base/text.h"

namespace larmor::processing::brain {
namespace {

/// "Buc Jerome" of "Buc^Jerome=...": the parts of the alphabetic name, as a person writes them.
std::string readable_name(const std::string& dicom) {
  std::string out;
  for (const auto& part : split(split(dicom, '=').front(), '^')) {
    const auto word = trim(part);
    if (word.empty()) continue;
    if (!out.empty()) out += ' ';
    out += word;
  }
  return out;
}

report::Subject subject_of(const dicom::SourcePatient& p) {
  return {readable_name(p.name), p.id, p.birth_date, p.sex, p.age};
}

report::Acquisition acquisition_of(const imaging::Grid& input, const dicom::SourceSeries* s) {
  report::Acquisition out;
  const auto mm = imaging::spacing(input.to_world);
  out.voxels = fmt::format("{} x {} x {}, {:.2g} x {:.2g} x {:.2g} mm", input.shape[0], input.shape[1], input.shape[2],
                           mm[0], mm[1], mm[2]);
  if (!s) return out;
  out.study_date = s->about_study.date;
  out.study_description = s->about_study.description;
  out.accession = s->about_study.accession;
  out.series_description = s->description;
  out.scanner =
      s->manufacturer.empty() || s->model.empty() ? s->manufacturer + s->model : s->manufacturer + " " + s->model;
  return out;
}

}  // namespace

Result<Paper> make_paper(const Findings& found, const imaging::Grid& input, const dicom::SourceSeries* source) {
  report::Findings page;
  if (source) page.subject = Phi<report::Subject>(subject_of(source->patient.reveal()));
  page.acquisition = acquisition_of(input, source);
  for (const auto& m : found.structures) page.volumes.push_back({m.id, m.ml});
  page.intracranial_ml = found.intracranial_ml;
  for (const auto& flag : found.flags) page.flags.push_back(flag.text);
  page.version = found.version;
  page.weights = found.weights;
  // No date of making: the same study must give the same bytes again, or a retry would look like another result.

  const auto scene = TRY(report::Scene::make(found.picture, found.picture_labels));
  const auto sheet = [](std::string name, Result<report::Picture> drawn, bool names_patient) -> Result<Sheet> {
    auto picture = TRY(std::move(drawn));
    auto png = TRY(report::to_png(picture));
    return Sheet{std::move(name), std::move(picture), std::move(png), names_patient};
  };
  // The pictures are drawn while this thread sets the page: each takes about half of the time.
  std::vector<std::future<Result<Sheet>>> montages;
  for (const auto plane : {report::Plane::axial, report::Plane::coronal, report::Plane::sagittal})
    montages.push_back(std::async(std::launch::async, [&scene, &sheet, plane] {
      return sheet(std::string(report::name(plane)), report::montage(scene, plane), false);
    }));
  Paper out;
  out.pdf = TRY(report::page_pdf(page, scene));
  out.sheets.push_back(TRY(sheet("page", report::page_picture(page, scene), source != nullptr)));
  for (auto& montage : montages) out.sheets.push_back(TRY(montage.get()));
  return out;
}

}  // namespace larmor::processing::brain

#include "services/processing/brain/paper.h"

#include <cmath>
#include <future>

#include "base/text.h"
#include "imaging/structures.h"
#include "report/table.h"

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

/// Sums as they are; structures without the side, for the page sets the sides beside each other.
report::NormRow row_of(const Compared& c) {
  const auto& s = c.standing;
  const auto* structure = imaging::structure(c.id);
  report::NormRow out{report::capitalised(structure ? structure->name : c.name),
                      c.id,
                      c.ml,
                      s.expected_ml,
                      s.z,
                      s.z_error,
                      centile_words(s.centile),
                      {}};
  const auto low = centile_words(s.low), high = centile_words(s.high);
  out.range = low == high ? low : low + " to " + high;
  return out;
}

report::NormChart chart_of(const Curves& c) {
  return {report::capitalised(c.name),   c.ages, c.ml, c.age, c.point_ml, c.point_ml * std::exp(-c.error),
          c.point_ml * std::exp(c.error)};
}

report::Norms norms_of(const Healthy& h, double intracranial_ml) {
  report::Norms out;
  out.none_because = h.none_because;
  out.method = h.method;
  out.notes = h.person.notes;
  if (h.person.age && h.person.sex)
    out.person =
        fmt::format("{} of {:.0f} years with an intracranial volume of {:.0f} ml",
                    *h.person.sex == Sex::female ? "woman" : "man", std::floor(*h.person.age), intracranial_ml);
  for (const auto& c : h.compared) out.rows.push_back(row_of(c));
  for (const auto& c : h.curves) out.charts.push_back(chart_of(c));
  for (const auto& c : h.compared)
    if (c.second && (c.id == 0 || c.id == 17 || c.id == 53))
      out.second.emplace_back(report::capitalised(c.name), fmt::format("{} to {}", c.second->low, c.second->high));
  const auto share = [&](const char* name, const std::optional<double>& value) {
    if (value) out.indices.emplace_back(name, fmt::format("{:.3f}", *value));
  };
  const auto asymmetry = [&](const char* name, const std::optional<double>& percent) {
    if (percent) out.indices.emplace_back(name, report::signed_number(*percent, 1) + " %");
  };
  share("Brain parenchymal fraction", h.brain_fraction);
  share("Ventricle to brain ratio", h.ventricle_ratio);
  asymmetry("Hippocampal asymmetry", h.hippocampal_asymmetry);
  asymmetry("Ventricular asymmetry", h.ventricular_asymmetry);
  return out;
}

}  // namespace

Result<Paper> make_paper(const Findings& found, const imaging::Grid& input, const dicom::SourceSeries* source) {
  report::Findings page;
  if (source) page.subject = Phi<report::Subject>(subject_of(source->patient.reveal()));
  page.acquisition = acquisition_of(input, source);
  for (const auto& m : found.structures) page.volumes.push_back({m.id, m.ml});
  page.intracranial_ml = found.intracranial_ml;
  page.norms = norms_of(found.healthy, found.intracranial_ml);
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

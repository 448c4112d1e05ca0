#include "services/processing/brain/paper.h"

#include <cmath>
#include <future>

#include "imaging/structures.h"
#include "report/table.h"

namespace larmor::processing::brain {
namespace {

report::Subject subject_of(const dicom::SourcePatient& p) {
  return {p.name, p.id, p.birth_date, p.sex, p.age};
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
  for (const auto& c : h.curves)
    if (c.on_page) out.charts.push_back(chart_of(c));
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

/// Figures with a real minus sign, which is as wide as the plus.
std::string with_minus(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool minus = text[i] == '-' && i + 1 < text.size() && std::isdigit(static_cast<unsigned char>(text[i + 1])) &&
                       (i == 0 || text[i - 1] == ' ');
    out += minus ? "−" : std::string(1, text[i]);
  }
  return out;
}

/// What every page and picture says first: that the scan is made up, that the result is doubtful.
std::string remark_of(const Findings& found) {
  std::string out;
  for (const auto& flag : found.flags)
    if (flag.code == kSimulatedFlag) out += (out.empty() ? "" : "  ·  ") + report::capitalised(flag.text);
  if (is_doubtful(found)) out += (out.empty() ? "" : "  ·  ") + doubt(found);
  return out;
}

std::string interval_words(const std::optional<double>& years) {
  if (!years) return "";
  return *years < 1.5 ? fmt::format("{:.0f} months", 12 * *years) : fmt::format("{:.1f} years", *years);
}

report::ChangeRow row_of(const Changed& s, const std::optional<double>& years) {
  report::ChangeRow out{report::capitalised(s.name), s.first_ml, s.second_ml, s.percent, s.error, {}, {}};
  if (years) out.per_year = s.percent / *years, out.per_year_error = s.error / *years;
  return out;
}

/// The person must have an age at which normal loss is known.
report::NormalAgeing normal_of(double age, const Ageing& measured) {
  report::NormalAgeing out;
  for (double at = kYoungestAgeing; at <= kEldestAgeing; at += 2) {
    const auto normal = normal_loss(at);
    out.ages.push_back(at);
    out.expected.push_back(normal.expected);
    out.limit.push_back(normal.limit);
  }
  out.age = age;
  out.percent = measured.percent;
  out.low = measured.low_percent;
  out.high = measured.high_percent;
  return out;
}

constexpr std::string_view kChangeMethod =
    "Both scans are sampled halfway between them, so that both are blurred alike. What still differs in shape is a "
    "displacement, whose local change of volume is summed over the mean of both segmentations. Percents are of the "
    "mean "
    "of both volumes: exchanging the scans changes the sign and nothing else. ± is one standard deviation, measured on "
    "simulated visits to one scanner with one protocol; it does not hold for another scanner, another contrast, other "
    "voxels or a moving head. A scanner whose scale drifts looks like change: 0.1 % of length is 0.3 % of volume. "
    "Sixteen hours without drinking take 0.55 % (Duning 2005, Neurology 64:548). Normal loss: Schippling "
    "2017 (0.20 % a year at 35, 0.52 % at 70, a straight line between and beyond); spread of healthy people: De "
    "Stefano "
    "2016 (0.15 % a year). A verdict is given only where the whole 95 % range lies on one side of the limit; it is a "
    "place among healthy people, not a diagnosis.";

report::Since since_of(const Comparison& c, const std::optional<double>& age) {
  report::Since out;
  out.refused = c.refused;
  if (c.grid) out.prior = acquisition_of(*c.grid, c.source ? &*c.source : nullptr);
  if (!c.refused.empty()) return out;
  const auto& years = c.change.years;
  out.interval = interval_words(years);
  out.verdict = c.ageing.verdict;
  out.words = with_minus(c.ageing.why);
  for (const auto& s : c.change.structures) out.rows.push_back(row_of(s, years));
  if (c.ageing.pace != Pace::unknown) out.normal = normal_of(*age, c.ageing);
  out.warnings = c.warnings;
  out.method = kChangeMethod;
  return out;
}

}  // namespace

Result<Paper> make_paper(const Findings& found, const imaging::Grid& input, const dicom::SourceSeries* source,
                         const Comparison* since, const std::string& lesions, int threads) {
  report::Findings page;
  if (source) page.subject = Phi<report::Subject>(subject_of(source->patient.reveal()));
  page.acquisition = acquisition_of(input, source);
  for (const auto& m : found.structures) page.volumes.push_back({m.id, m.ml});
  page.intracranial_ml = found.intracranial_ml;
  page.norms = norms_of(found.healthy, found.intracranial_ml);
  if (since) page.since = since_of(*since, found.healthy.person.age);
  page.lesions = lesions;
  for (const auto& flag : found.flags) page.flags.push_back(flag.text);
  page.remark = remark_of(found);
  page.version = found.version;
  page.weights = found.weights;
  // No date of making: the same study must give the same bytes again, or a retry would look like another result.

  const bool changed = since && since->refused.empty();
  const auto map = changed ? change_map(since->change, found.picture.grid, threads) : imaging::Volume<float>();
  const auto scene = TRY(report::Scene::make(found.picture, found.picture_labels, changed ? &map : nullptr));
  const auto sheet = [](std::string name, Result<report::Picture> drawn, bool names_patient) -> Result<Sheet> {
    auto picture = TRY(std::move(drawn));
    auto png = TRY(report::to_png(picture));
    return Sheet{std::move(name), std::move(picture), std::move(png), names_patient};
  };
  // The pictures are drawn while this thread sets the page: each takes about half of the time.
  std::vector<std::future<Result<Sheet>>> montages;
  for (const auto plane : {report::Plane::axial, report::Plane::coronal, report::Plane::sagittal})
    montages.push_back(std::async(std::launch::async, [&scene, &sheet, &page, plane] {
      return sheet(std::string(report::name(plane)), report::montage(scene, plane, page.remark), false);
    }));
  Paper out;
  out.pdf = TRY(report::page_pdf(page, scene));
  out.sheets.push_back(TRY(sheet("page", report::page_picture(page, scene), source != nullptr)));
  for (auto& montage : montages) out.sheets.push_back(TRY(montage.get()));
  if (changed) out.sheets.push_back(TRY(sheet("change", report::change_montage(scene, page.remark), false)));
  return out;
}

}  // namespace larmor::processing::brain

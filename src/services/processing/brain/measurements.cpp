#include "services/processing/brain/measurements.h"

#include "services/processing/brain/codes.h"

namespace larmor::processing::brain {
namespace {

dicom::Ranking ranking_of(const Standing& s) {
  return {s.z, s.centile, s.low, s.high};
}

std::optional<dicom::Ranking> ranking(const Healthy& h, int id) {
  for (const auto& c : h.compared)
    if (c.id == id) return ranking_of(c.standing);
  return std::nullopt;
}

void add_indices(const Healthy& h, dicom::Measurements& out) {
  const auto add = [&](const char* key, const char* name, const std::optional<double>& value, bool percent) {
    if (value) out.indices.push_back({key, name, *value, percent});
  };
  add("brain_fraction", "Brain parenchymal fraction", h.brain_fraction, false);
  add("ventricle_to_brain", "Ventricle to brain ratio", h.ventricle_ratio, false);
  add("hippocampal_asymmetry", "Hippocampal asymmetry, 100 (L - R) / mean", h.hippocampal_asymmetry, true);
  add("ventricular_asymmetry", "Ventricular asymmetry, 100 (L - R) / mean", h.ventricular_asymmetry, true);
}

dicom::SincePrior since_of(const Comparison& c) {
  dicom::SincePrior out;
  out.prior = c.source ? &*c.source : nullptr;
  out.years = c.change.years;
  for (const auto& s : c.change.structures)
    out.changes.push_back({s.name, site_of(s.name), s.first_ml, s.second_ml, s.percent, s.percent_of_first, s.error});
  out.method = "Jacobian integration of a symmetric displacement";
  out.verdict = c.ageing.words();
  out.warnings = c.warnings;
  return out;
}

}  // namespace

dicom::Measurements measurements_of(const Findings& f, const FlairFindings& flair, const Comparison* since,
                                    const std::string& about_priors) {
  dicom::Measurements out;
  for (const auto& m : f.structures)
    out.volumes.push_back(
        {m.id, m.ml, m.ml > 0 ? std::optional(m.confidence) : std::nullopt, ranking(f.healthy, m.id)});
  out.intracranial_ml = f.intracranial_ml;
  for (const auto& c : f.healthy.compared)
    if (c.id == 0) out.sums.push_back({c.name, site_of(c.name), c.ml, ranking_of(c.standing)});
  for (const auto& v : f.lobes.volumes)
    out.parts.push_back({fmt::format("{} {}, cortex", v.side == imaging::Side::left ? "left" : "right", v.lobe.name),
                         v.lobe.type, v.side, v.ml});
  if (flair.ml) out.sums.push_back({"white-matter lesions", site_of("white-matter lesions"), *flair.ml, std::nullopt});
  add_indices(f.healthy, out);
  if (is_doubtful(f)) out.quality.push_back(doubt(f));
  for (const auto& flag : f.flags) out.quality.push_back(flag.text);
  out.population = "NOMIS 2021, for age, sex and head size";
  out.remarks = f.healthy.person.notes;
  out.remarks.push_back(f.healthy.none_because.empty() ? f.healthy.method
                                                       : "No centiles: " + f.healthy.none_because + ".");
  if (!flair.words.empty()) out.remarks.push_back("White-matter lesions in FLAIR: " + flair.words);
  if (!about_priors.empty()) out.remarks.push_back(about_priors);
  if (since && since->refused.empty()) out.since = since_of(*since);
  if (since && !since->refused.empty())
    out.remarks.push_back("Not compared with the earlier scan: " + since->refused + ".");
  return out;
}

dicom::Meaning meaning_of(const Comparison& c) {
  dicom::Meaning out{{"percent_change", "99LARMOR", "Percent change of volume"},
                     {"%", "UCUM", "percent"},
                     "CHANGE",
                     "Local change of volume since the earlier scan, % of the mean",
                     "Jacobians of a symmetric displacement between two scans, not smoothed: single voxels are noise",
                     20};
  if (c.source) out.derivation += fmt::format("; the earlier scan is series {}", c.source->series.str());
  if (c.simulated) out.derivation += "; the earlier scan is simulated";
  return out;
}

}  // namespace larmor::processing::brain

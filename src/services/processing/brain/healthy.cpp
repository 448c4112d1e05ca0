#include "services/processing/brain/healthy.h"

#include <cmath>

#include "imaging/structures.h"
#include "services/processing/brain/findings.h"
#include "services/processing/brain/rounded.h"

namespace larmor::processing::brain {
namespace {

/// What the report's page draws: sums by name, structures by id.
constexpr std::array kOnPage = {std::pair{0, "brain"}, std::pair{0, "cerebral cortex"}, std::pair{0, "ventricles"},
                                std::pair{17, "left hippocampus"}, std::pair{53, "right hippocampus"}};
constexpr std::array kCurveZ = {-kNinetyFifth, -0.6745, 0.0, 0.6745, kNinetyFifth};
constexpr std::array kCurveCentiles = {5, 25, 50, 75, 95};  // of kCurveZ

double ml_of(const Findings& f, std::initializer_list<int> ids) {
  double sum = 0;
  for (const auto& m : f.structures)
    if (std::find(ids.begin(), ids.end(), m.id) != ids.end()) sum += m.ml;
  return sum;
}

double ml_of(const Findings& f, bool (*holds)(int id)) {
  double sum = 0;
  for (const auto& m : f.structures) sum += holds(m.id) ? m.ml : 0;
  return sum;
}

std::optional<double> ratio(double of, double to) {
  if (of <= 0 || to <= 0) return std::nullopt;
  return of / to;
}

std::optional<double> asymmetry(double left, double right) {
  if (left <= 0 || right <= 0) return std::nullopt;
  return 200 * (left - right) / (left + right);
}

void indices(const Findings& f, Healthy& out) {
  const double brain = ml_of(f, imaging::is_tissue), ventricles = ml_of(f, imaging::is_ventricle);
  out.brain_fraction = ratio(brain, f.intracranial_ml);
  out.ventricle_ratio = ratio(ventricles, brain);
  out.hippocampal_asymmetry = asymmetry(ml_of(f, {17}), ml_of(f, {53}));
  out.ventricular_asymmetry = asymmetry(ml_of(f, {4, 5}), ml_of(f, {43, 44}));
}

Curves curves_of(const Norms& norms, const Norm& norm, const Compared& of, Reference r) {
  Curves out;
  out.id = of.id;
  out.name = of.name;
  out.on_page = std::any_of(kOnPage.begin(), kOnPage.end(),
                            [&](const auto& drawn) { return of.id == drawn.first && of.name == drawn.second; });
  out.age = r.age;
  out.point_ml = of.ml;
  out.error = norms.error_of(norm);
  for (r.age = kYoungest; r.age <= kEldest; r.age += 2) {
    out.ages.push_back(r.age);
    for (std::size_t i = 0; i < kCurveZ.size(); ++i) out.ml[i].push_back(norms.volume_at(norm, kCurveZ[i], r));
  }
  return out;
}

void compare(const Findings& f, const Norms& norms, const Reference& r, Healthy& out) {
  const auto add = [&](const Norm* norm, const std::string& name, double ml) {
    if (!norm) return;
    out.compared.push_back({norm->id, name, ml, norms.stand(*norm, ml, r), norms.second_opinion(*norm, name, ml, r)});
    out.curves.push_back(curves_of(norms, *norm, out.compared.back(), r));
  };
  const auto sum = [&](const char* name, double ml) { add(norms.find(0, name), name, ml); };
  sum("brain", ml_of(f, imaging::is_tissue));
  sum("cerebral cortex", ml_of(f, {3, 42}));
  sum("cerebral white matter", ml_of(f, {2, 41}));
  sum("ventricles", ml_of(f, imaging::is_ventricle));
  for (const auto& m : f.structures)
    if (const auto* structure = imaging::structure(m.id)) add(norms.find(m.id), imaging::full_name(*structure), m.ml);
}

std::string method_of(const Norms& norms, const std::string& version) {
  std::string out =
      "NOMIS (Potvin 2021): FreeSurfer 6 in 6909 healthy adults, for age, sex and head size. Larmor's volumes are "
      "turned "
      "into FreeSurfer's by a factor per structure; the range of a centile is one standard error of that factor, of "
      "the "
      "head size and of the scanner, not of the person. Second opinion: NiChart's centiles for age and sex.";
  if (norms.calibrated() != version)
    out += fmt::format(" The factors were measured with version {} of the network, the volumes with {}.",
                       norms.calibrated(), version);
  return out;
}

Json to_json(const Compared& c) {
  const auto& s = c.standing;
  Json out{{"id", c.id},
           {"name", c.name},
           {"ml", rounded(c.ml)},
           {"expected_ml", rounded(s.expected_ml)},
           {"fifth_ml", rounded(s.fifth_ml)},
           {"ninety_fifth_ml", rounded(s.ninety_fifth_ml)},
           {"z", rounded(s.z, 100)},
           {"z_error", rounded(s.z_error, 100)},
           {"centile", rounded(s.centile, 10)},
           {"low", rounded(s.low, 10)},
           {"high", rounded(s.high, 10)}};
  if (c.second) out["second"] = {c.second->low, c.second->high};
  return out;
}

}  // namespace

Result<Healthy> compare_with_healthy(const Findings& f, const Person& person, const std::filesystem::path& tables) {
  Healthy out;
  out.person = person;
  indices(f, out);
  const auto norms = Norms::load(tables);
  if (!norms && norms.error().code == Code::not_found) {
    out.none_because = "no tables of norms lie beside the network";
    return out;
  }
  if (!norms) return fail_with(norms.error());
  if (auto why = norms->why_none(person, f.intracranial_ml)) {
    out.none_because = *why;
    return out;
  }
  out.method = method_of(*norms, f.version);
  compare(f, *norms, {*person.age, *person.sex, f.intracranial_ml}, out);
  return out;
}

Json to_json(const Healthy& h) {
  Json out{{"notes", h.person.notes}}, index = Json::object();
  // Whole years: with the study's date, more would give the birth date away, and findings go into the event log.
  if (h.person.age) out["age"] = std::floor(*h.person.age);
  if (h.person.sex) out["sex"] = *h.person.sex == Sex::female ? "F" : "M";
  if (!h.none_because.empty()) {
    out["none_because"] = h.none_because;
  } else {
    out["method"] = h.method;
    out["structures"] = Json::array();
    for (const auto& c : h.compared) out["structures"].push_back(to_json(c));
  }
  const auto add = [&](const char* name, const std::optional<double>& value, double steps) {
    if (value) index[name] = rounded(*value, steps);
  };
  add("brain_fraction", h.brain_fraction, 1e4);
  add("ventricle_to_brain", h.ventricle_ratio, 1e4);
  add("hippocampal_asymmetry_percent", h.hippocampal_asymmetry, 10);
  add("ventricular_asymmetry_percent", h.ventricular_asymmetry, 10);
  out["indices"] = index;
  return out;
}

Json curves_json(const Healthy& h) {
  Json structures = Json::array();
  for (const auto& c : h.curves) {
    Json ml = Json::array();
    for (const auto& curve : c.ml) {
      ml.push_back(Json::array());
      for (const double v : curve) ml.back().push_back(rounded(v));
    }
    structures.push_back({{"id", c.id}, {"name", c.name}, {"ml", ml}});
  }
  return {{"ages", h.curves.empty() ? std::vector<double>() : h.curves.front().ages},
          {"centiles", kCurveCentiles},
          {"structures", structures}};
}

std::string centile_words(double centile) {
  if (centile < 1) return "<1";
  if (centile > 99) return ">99";
  return fmt::format("{:.0f}", centile);
}

}  // namespace larmor::processing::brain

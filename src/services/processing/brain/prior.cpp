#include "services/processing/brain/prior.h"

#include <cmath>

#include "services/processing/brain/person.h"

namespace larmor::processing::brain {
namespace {

constexpr double kOtherVoxels = 0.15;  // relative difference of a spacing that blurs one scan more than the other
// Simulated visits to one scanner: 0.98 and more, 0.023 and less. One person on two scanners: 0.97 and 0.034.
constexpr double kLowCorrelation = 0.95, kHighResidual = 0.028;

std::vector<std::string> warnings(const Scanned& prior, const Scanned& now, const Change& change) {
  std::vector<std::string> out;
  auto a = imaging::spacing(prior.grid.to_world), b = imaging::spacing(now.grid.to_world);
  std::sort(a.begin(), a.end());
  std::sort(b.begin(), b.end());
  for (int d = 0; d < 3; ++d)
    if (std::abs(a[d] - b[d]) > kOtherVoxels * std::max(a[d], b[d])) {
      out.push_back(fmt::format(
          "another protocol: the prior's voxels are {:.2g} x {:.2g} x {:.2g} mm, now {:.2g} x {:.2g} x {:.2g} mm", a[0],
          a[1], a[2], b[0], b[1], b[2]));
      break;
    }
  if (prior.source && now.source && prior.source->model != now.source->model)
    out.push_back(
        fmt::format("another scanner: the prior's is '{}', now '{}'", prior.source->model, now.source->model));
  if (change.registration.correlation < kLowCorrelation || change.residual > kHighResidual)
    out.push_back(fmt::format(
        "another contrast, another scanner or a poor scan: the brains correlate by {:.2f} and {:.1f} % of the "
        "brightness stays unexplained; the errors stated hold from {:.2f} on and up to {:.1f} %",
        change.registration.correlation, 100 * change.residual, kLowCorrelation, 100 * kHighResidual));
  return out;
}

}  // namespace

std::optional<double> years_between(const std::string& earlier, const std::string& later) {
  const auto a = day_of(earlier), b = day_of(later);
  if (!a || !b || *b <= *a) return std::nullopt;
  return double((*b - *a).count()) / 365.25;
}

Comparison compare_with_prior(const Scanned& prior, const Scanned& now, std::optional<double> years, int threads) {
  Comparison out;
  out.grid = prior.grid;
  if (prior.source) out.source = *prior.source;
  if (!years && prior.source && now.source)
    years = years_between(prior.source->about_study.date, now.source->about_study.date);
  auto change = measure_change({prior.found.picture, prior.found.picture_labels},
                               {now.found.picture, now.found.picture_labels}, years, threads);
  if (!change) {
    out.refused = change.error().what;
    return out;
  }
  out.change = std::move(*change);
  out.warnings = warnings(prior, now, out.change);
  const auto& brain = out.change.structures.front();
  // The errors that a verdict stands on were measured within one protocol.
  if (!out.warnings.empty())
    out.ageing.why = "the scans are too unlike each other";
  else if (years)
    out.ageing = judge_ageing(brain.percent / *years, brain.error / *years, now.found.healthy.person.age);
  else
    out.ageing.why = "the time between the scans is not known";
  return out;
}

Json to_json(const Comparison& c) {
  if (!c.refused.empty()) return {{"refused", c.refused}};
  Json out = to_json(c.change);
  out["warnings"] = c.warnings;
  out["ageing"] = to_json(c.ageing);
  return out;
}

}  // namespace larmor::processing::brain

#include "services/processing/brain/change.h"

#include <array>
#include <cmath>

#include "imaging/harmonise.h"
#include "imaging/morphology.h"
#include "imaging/structures.h"
#include "services/processing/brain/rounded.h"

namespace larmor::processing::brain {
namespace {

using imaging::Mask;
using imaging::Volume;

constexpr int kRegisterReach = 4;  // mm beyond the brain: the sulci's fluid helps, the skull's marrow does not
constexpr int kChangeReach = 2;
constexpr double kLeastCorrelation = 0.8;  // two people reach 0.67, one person in 3 mm slices 0.946

bool is_hippocampus(int id) {
  return id == 17 || id == 53;
}

/// Errors: see the decision page for the scans that gave them.
constexpr std::array kGroups = {Group{"brain", imaging::is_tissue, 0.18},
                                Group{"ventricles", imaging::is_ventricle, 0.25},
                                Group{"hippocampi", is_hippocampus, 0.4}, Group{"cortex", imaging::is_cortex, 0.2}};

template <class Holds>
Volume<float> indicator(const Volume<std::uint8_t>& labels, const Holds& holds) {
  Volume<float> out(labels.grid);
  for (std::size_t i = 0; i < labels.size(); ++i) out.voxels[i] = holds(labels.voxels[i]) ? 1.0f : 0.0f;
  return out;
}

Volume<float> around_brain(const Volume<std::uint8_t>& labels, int reach) {
  const auto grown = imaging::fill_holes(imaging::dilate(imaging::mask_where(labels, imaging::is_tissue), reach));
  Volume<float> out(labels.grid);
  for (std::size_t i = 0; i < out.size(); ++i) out.voxels[i] = grown.voxels[i];
  return out;
}

/// Both volumes as seen from halfway.
struct Halfway {
  const imaging::Registration& at;
  imaging::Grid grid;
  int threads;
  std::array<Volume<float>, 2> linear(const Volume<float>& first, const Volume<float>& second) const {
    return {imaging::sample_linear(first, grid, at.to_a, threads),
            imaging::sample_linear(second, grid, at.to_b, threads)};
  }
};

/// No larger than both brains need.
imaging::Grid tight(const imaging::Registration& r, const Volume<float>& first, const Volume<float>& second,
                    int threads) {
  constexpr std::size_t room = 3;
  const auto both = Halfway{r, r.middle, threads}.linear(first, second);
  Mask any(r.middle);
  for (std::size_t i = 0; i < any.size(); ++i) any.voxels[i] = both[0].voxels[i] + both[1].voxels[i] > 0;
  imaging::Box box = imaging::bounds(any);
  imaging::Grid out = r.middle;
  for (int d = 0; d < 3; ++d) {
    box.low[d] -= std::min(box.low[d], room);
    box.high[d] = std::min(box.high[d] + room, r.middle.shape[d]);
    out.shape[d] = box.high[d] - box.low[d];
  }
  out.to_world.set_column(3, r.middle.to_world({double(box.low[0]), double(box.low[1]), double(box.low[2])}));
  return out;
}

Changed integrate(const Group& row, const Scan& first, const Scan& second, const Halfway& half,
                  const imaging::Shift& shift, const std::array<Volume<float>, 2>& growth) {
  const auto there = half.linear(indicator(first.labels, row.holds), indicator(second.labels, row.holds));
  const auto a = imaging::warp(there[0], shift, -0.5f, half.threads),
             b = imaging::warp(there[1], shift, 0.5f, half.threads);
  Changed out{row.name};
  for (std::size_t i = 0; i < a.size(); ++i) {
    // The mean of both segmentations: where they disagree, neither is preferred.
    const double share = (double(a.voxels[i]) + double(b.voxels[i])) / 2;
    out.first_ml += share * growth[0].voxels[i];
    out.second_ml += share * growth[1].voxels[i];
  }
  const double ml = imaging::voxel_ml(half.grid);
  out.first_ml *= ml, out.second_ml *= ml;
  const double sum = out.first_ml + out.second_ml;
  out.percent = sum > 0 ? 200 * (out.second_ml - out.first_ml) / sum : 0;
  out.percent_of_first = out.first_ml > 0 ? 100 * (out.second_ml - out.first_ml) / out.first_ml : 0;
  out.error = row.error;
  return out;
}

double residual(Volume<float> a, Volume<float> b, const Volume<float>& weight, int threads) {
  imaging::harmonise(a, b, imaging::log_gain(a, b, weight, 10, threads), threads);
  double squares = 0, sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double r = double(a.voxels[i]) - double(b.voxels[i]);
    squares += weight.voxels[i] * r * r;
    sum += weight.voxels[i];
  }
  return sum > 0 ? std::sqrt(squares / sum) : 0;
}

Volume<float> local_percent(const std::array<Volume<float>, 2>& growth, const Volume<float>& near) {
  Volume<float> out(near.grid);
  for (std::size_t i = 0; i < out.size(); ++i) {
    const float sum = growth[0].voxels[i] + growth[1].voxels[i];
    if (near.voxels[i] > 0 && sum > 0)
      out.voxels[i] = std::clamp(200 * (growth[1].voxels[i] - growth[0].voxels[i]) / sum, -200.0f, 200.0f);
  }
  return out;
}

}  // namespace

std::span<const Group> compared_groups() {
  return kGroups;
}

Result<Change> measure_change(const Scan& first, const Scan& second, std::optional<double> years, int threads) {
  Change out;
  out.years = years;
  const auto wide_a = around_brain(first.labels, kRegisterReach), wide_b = around_brain(second.labels, kRegisterReach);
  out.registration = TRY(
      imaging::register_halfway({first.picture, wide_a}, {second.picture, wide_b}, imaging::Freedom::rigid, threads));
  if (out.registration.correlation < kLeastCorrelation)
    return fail(
        Code::unsupported,
        "these look like two different people: laid on each other, the brains correlate by {:.2f}; two scans of "
        "one person reach {:.2f}",
        out.registration.correlation, kLeastCorrelation);

  const Halfway half{out.registration, tight(out.registration, wide_a, wide_b, threads), threads};
  auto near = half.linear(around_brain(first.labels, kChangeReach), around_brain(second.labels, kChangeReach));
  for (std::size_t i = 0; i < near[0].size(); ++i) near[0].voxels[i] *= near[1].voxels[i];
  const auto a = imaging::sample_cubic(first.picture, half.grid, out.registration.to_a, threads),
             b = imaging::sample_cubic(second.picture, half.grid, out.registration.to_b, threads);
  out.shift = imaging::shift_between(a, b, near[0], threads);
  out.residual = residual(imaging::warp(a, out.shift, -0.5f, threads), imaging::warp(b, out.shift, 0.5f, threads),
                          near[0], threads);
  const std::array growth{imaging::jacobian(out.shift, -0.5f, threads), imaging::jacobian(out.shift, 0.5f, threads)};
  for (const auto& row : kGroups) out.structures.push_back(integrate(row, first, second, half, out.shift, growth));
  out.local_percent = local_percent(growth, near[0]);
  return out;
}

Json to_json(const Change& c) {
  Json structures = Json::array();
  for (const auto& s : c.structures) {
    Json j{{"name", s.name},
           {"first_ml", rounded(s.first_ml)},
           {"second_ml", rounded(s.second_ml)},
           {"percent", rounded(s.percent)},
           {"percent_of_first", rounded(s.percent_of_first)},
           {"error_percent", s.error}};
    if (c.years) j["per_year_percent"] = rounded(s.percent / *c.years);
    structures.push_back(j);
  }
  const auto& brain = c.structures.front();
  const auto& r = c.registration;
  Json out{{"pbvc_percent", rounded(brain.percent)},
           {"pbvc_percent_of_first", rounded(brain.percent_of_first)},
           {"error_percent", brain.error},
           {"structures", structures},
           {"registration",
            {{"correlation", rounded(r.correlation)},
             {"overlap", rounded(r.overlap)},
             {"rotation_deg", rounded(r.rotation_deg)},
             {"translation_mm", rounded(r.translation_mm)},
             {"residual", rounded(c.residual)}}},
           {"method", "Jacobian integration of a symmetric displacement in the halfway space of a rigid registration"}};
  if (c.years) {
    out["interval_years"] = rounded(*c.years);
    out["per_year_percent"] = rounded(brain.percent / *c.years);
    out["per_year_error_percent"] = rounded(brain.error / *c.years);
  }
  return out;
}

}  // namespace larmor::processing::brain

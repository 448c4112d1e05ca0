#include "imaging/simulate.h"

#include <cmath>
#include <map>
#include <numbers>

#include "imaging/parallel.h"
#include "imaging/shrinkage.h"
#include "imaging/spline.h"
#include "imaging/structures.h"

namespace larmor::imaging {
namespace {

/// splitmix64 (Steele et al. 2014): every voxel has its own numbers, whichever thread asks.
std::uint64_t mixed(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

/// In (0, 1).
double uniform(std::uint64_t seed, std::uint64_t n) {
  return (double(mixed(mixed(seed) ^ n) >> 11) + 0.5) * 0x1p-53;
}

/// Two independent standard normal numbers (Box and Muller).
std::array<double, 2> normal(std::uint64_t seed, std::uint64_t n) {
  const double r = std::sqrt(-2 * std::log(uniform(seed, 2 * n))), t = 2 * std::numbers::pi * uniform(seed, 2 * n + 1);
  return {r * std::cos(t), r * std::sin(t)};
}

/// Three long waves, the sum between -1 and 1.
class Shade {
 public:
  explicit Shade(std::uint64_t seed) {
    for (std::uint64_t w = 0; w < 3; ++w)
      for (std::uint64_t i = 0; i < 4; ++i) numbers_[w][i] = uniform(seed, 100 + 4 * w + i);
  }
  double operator()(const Point& mm) const {
    double sum = 0;
    for (const auto& n : numbers_) {
      const double z = 2 * n[0] - 1, r = std::sqrt(1 - z * z), turn = 2 * std::numbers::pi * n[1];
      const double along = mm[0] * r * std::cos(turn) + mm[1] * r * std::sin(turn) + mm[2] * z;
      sum += std::sin(2 * std::numbers::pi * (along / (180 + 200 * n[2]) + n[3])) / 3;
    }
    return sum;
  }

 private:
  std::array<std::array<double, 4>, 3> numbers_;
};

/// Everything labelled, gaps of 10 mm closed: what lies within the skull.
Mask skull_of(const Volume<std::uint8_t>& labels) {
  Mask all(labels.grid);
  for (std::size_t i = 0; i < labels.size(); ++i) all.voxels[i] = labels.voxels[i] != 0;
  return fill_holes(erode(dilate(all, 6), 4));
}

/// Sum of Jacobians per label.
std::vector<StructureTruth> measure_truth(const Volume<std::uint8_t>& labels, const Shrinkage& change, int threads) {
  const auto& s = labels.shape();
  std::vector<std::map<int, StructureTruth>> slices(s[0]);
  each_slice(s[0], threads, [&](std::size_t a) {
    for (std::size_t b = 0; b < s[1]; ++b)
      for (std::size_t c = 0; c < s[2]; ++c)
        if (const int id = labels(a, b, c)) {
          auto& t = slices[a][id];
          t.before_ml += 1;
          t.after_ml += change.growth({double(a), double(b), double(c)});
        }
  });
  std::map<int, StructureTruth> sum;
  for (const auto& slice : slices)
    for (const auto& [id, t] : slice) {
      sum[id].before_ml += t.before_ml;
      sum[id].after_ml += t.after_ml;
    }
  std::vector<StructureTruth> out;
  const double ml = voxel_ml(labels.grid);
  for (const auto& [id, t] : sum) out.push_back({id, t.before_ml * ml, t.after_ml * ml});
  return out;
}

double tissue_change(const std::vector<StructureTruth>& truth) {
  double before = 0, after = 0;
  for (const auto& t : truth)
    if (is_tissue(t.id)) before += t.before_ml, after += t.after_ml;
  return after / before - 1;
}

double white_brightness(const Volume<float>& image, const Volume<std::uint8_t>& labels, const Affine& to_image) {
  double sum = 0, n = 0;
  for (std::size_t a = 0; a < labels.shape()[0]; ++a)
    for (std::size_t b = 0; b < labels.shape()[1]; ++b)
      for (std::size_t c = 0; c < labels.shape()[2]; ++c)
        if (const int id = labels(a, b, c); id == 2 || id == 41) {
          sum += linear(image, to_image({double(a), double(b), double(c)}));
          ++n;
        }
  return n > 0 ? sum / n : 0;
}

}  // namespace

Result<SimulatedVisit> simulate_visit(const Volume<float>& image, const Volume<std::uint8_t>& labels,
                                      const Visit& visit, int threads) {
  if (!(std::abs(visit.brain_change_percent) <= 10))
    return fail(larmor::Code::invalid, "a change of {} % is beyond what can be simulated (-10 to 10)",
                visit.brain_change_percent);
  Mask tissue(labels.grid);
  for (std::size_t i = 0; i < labels.size(); ++i) tissue.voxels[i] = is_tissue(labels.voxels[i]);
  const auto back = inverse(labels.grid.to_world), to_index = inverse(image.grid.to_world);
  if (count(tissue) == 0 || !back || !to_index)
    return fail(larmor::Code::invalid, "there is no brain tissue to shrink");

  Shrinkage change(tissue, skull_of(labels), threads);
  SimulatedVisit out;
  // The fluid takes part of what was asked for: one step of the rule of three, then the truth is what it is.
  const double wanted = visit.brain_change_percent / 100;
  change.set_amount(-wanted);
  out.structures = measure_truth(labels, change, threads);
  if (wanted != 0) {
    change.set_amount(-wanted * wanted / tissue_change(out.structures));
    out.structures = measure_truth(labels, change, threads);
  }

  for (std::uint64_t i = 0; i < 6; ++i)
    out.motion[i] =
        (2 * uniform(visit.seed, i) - 1) * (i < 3 ? visit.move_mm : visit.turn_deg * std::numbers::pi / 180);
  Affine centre;
  centre.set_column(3, labels.grid.to_world({double(labels.shape()[0]) / 2, double(labels.shape()[1]) / 2,
                                             double(labels.shape()[2]) / 2}));
  const Affine unmove = centre * exponential(out.motion, -1) * *inverse(centre);
  const Affine to_labels = *back * unmove * image.grid.to_world, to_image = *to_index * labels.grid.to_world;
  const double noise = visit.noise * white_brightness(image, labels, to_image);
  const Spline spline(image, threads);
  const Shade shade(visit.seed);
  out.image = Volume<float>(image.grid);
  each_slice(image.shape()[0], threads, [&](std::size_t a) {
    for (std::size_t b = 0; b < image.shape()[1]; ++b)
      for (std::size_t c = 0; c < image.shape()[2]; ++c) {
        const Point at{double(a), double(b), double(c)};
        const Point from = to_image(change.before(to_labels(at)));
        // Where a skull was stripped away there is nothing, not even noise.
        if (linear(image, from) == 0) continue;
        const double v = std::max(0.0f, spline(from)) * std::exp(visit.shade * shade(image.grid.to_world(at)));
        const auto n = normal(visit.seed, 1000 + image.index(a, b, c));
        out.image(a, b, c) = float(std::hypot(v + noise * n[0], noise * n[1]));
      }
  });
  return out;
}

}  // namespace larmor::imaging

#include "services/processing/brain/lesions.h"

#include <cmath>

#include "imaging/harmonise.h"
#include "imaging/intensity.h"
#include "imaging/resample.h"
#include "imaging/smooth.h"
#include "imaging/structures.h"
#include "services/processing/brain/rounded.h"

namespace larmor::processing::brain {
namespace {

using imaging::Affine;
using imaging::Mask;
using imaging::Volume;

constexpr int kAlignments = 2;            // the second one sees means that the first one has put in place
constexpr double kLeastContrast = 0.05;   // cortex over white matter, of white matter's brightness
constexpr double kNoises = 4;             // above white matter
constexpr double kGreySpreads = 2;        // above the cortex
constexpr std::size_t kLeastVoxels = 10;  // of 1 mm
constexpr double kLeastRise = 0.12;       // of white matter's brightness: what two protocols differ by without a lesion
constexpr std::size_t kLeastNewVoxels = 20;
constexpr double kShadeMm = 10;
constexpr std::size_t kMostListed = 200;

Volume<float> weight(const Mask& m) {
  Volume<float> out(m.grid);
  std::copy(m.voxels.begin(), m.voxels.end(), out.voxels.begin());
  return out;
}

imaging::Middle middle_of(const Volume<float>& v, const Mask& m) {
  std::vector<float> values;
  for (std::size_t i = 0; i < v.size(); ++i)
    if (m.voxels[i]) values.push_back(v.voxels[i]);
  return values.empty() ? imaging::Middle{} : imaging::middle_of(values);
}

/// The labels, painted with the mean brightness that each of them has in `flair` on their grid.
Volume<float> paint(const Volume<std::uint8_t>& labels, const Volume<float>& flair) {
  std::array<double, 256> sum{}, count{};
  for (std::size_t i = 0; i < labels.size(); ++i) {
    sum[labels.voxels[i]] += flair.voxels[i];
    ++count[labels.voxels[i]];
  }
  Volume<float> out(labels.grid);
  for (std::size_t i = 0; i < labels.size(); ++i)
    if (const auto id = labels.voxels[i]; id > 0) out.voxels[i] = float(sum[id] / count[id]);
  return out;
}

/// From the world of the T1 to that of the FLAIR; they start from the scanner's.
Result<Affine> lay_on(const Volume<float>& flair, const Volume<std::uint8_t>& labels, int threads) {
  const auto brain = weight(imaging::mask_where(labels, [](int id) { return id > 0; }));
  Affine there;
  for (int round = 0; round < kAlignments; ++round) {
    const auto painted = paint(labels, imaging::sample_linear(flair, labels.grid, there, threads));
    const auto back = imaging::inverse(there);
    const auto brain_there = imaging::sample_linear(brain, flair.grid, *back, threads);
    const auto found =
        imaging::register_halfway({painted, brain}, {flair, brain_there}, imaging::Freedom::rigid, threads);
    if (!found) return fail(Code::unsupported, "the FLAIR does not fit on the T1: {}", found.error().what);
    there = found->to_b * *imaging::inverse(found->to_a);
  }
  return there;
}

/// Where lesions are looked for: white matter and one voxel around it, where that is not cortex.
Mask places(const Volume<std::uint8_t>& labels) {
  auto out = imaging::dilate(imaging::mask_where(labels, imaging::is_white_matter), 1);
  for (std::size_t i = 0; i < out.size(); ++i)
    if (imaging::is_cortex(labels.voxels[i]) || labels.voxels[i] == 0) out.voxels[i] = 0;
  return out;
}

Mask on_grid(const Mask& m, const imaging::Grid& grid, const Affine& to_world_of_m, int threads) {
  const auto share = imaging::sample_linear(weight(m), grid, to_world_of_m, threads);
  Mask out(grid);
  for (std::size_t i = 0; i < out.size(); ++i) out.voxels[i] = share.voxels[i] >= 0.5f;
  return out;
}

Mask either(Mask a, const Mask& b) {
  for (std::size_t i = 0; i < a.size(); ++i) a.voxels[i] |= b.voxels[i];
  return a;
}

}  // namespace

Result<Lesions> find_lesions(const Volume<float>& image, const Scan& t1, int threads) {
  const auto mm = imaging::spacing(image.grid.to_world);
  const auto flair = imaging::to_canonical(image, imaging::canonical(image.grid));
  Lesions out;
  out.slice_mm = std::max({mm[0], mm[1], mm[2]});
  out.flair = imaging::sample_cubic(flair, t1.labels.grid, TRY(lay_on(flair, t1.labels, threads)), threads);

  const auto white = middle_of(out.flair, imaging::erode(imaging::mask_where(t1.labels, imaging::is_white_matter), 2));
  if (!(white.at > 0)) return fail(Code::unsupported, "the FLAIR is empty where the T1 has white matter");
  for (auto& v : out.flair.voxels) v /= float(white.at);
  const auto grey = middle_of(out.flair, imaging::mask_where(t1.labels, imaging::is_cortex));
  out.noise = white.spread / white.at;
  out.grey = grey.at;
  if (out.grey < 1 + kLeastContrast)
    return fail(Code::unsupported,
                "this is hardly a FLAIR: the cortex is {:.2f} times as bright as white matter, {:.2f} are needed",
                out.grey, 1 + kLeastContrast);

  out.threshold = std::max(1 + kNoises * out.noise, out.grey + kGreySpreads * grey.spread);
  out.mask = places(t1.labels);
  for (std::size_t i = 0; i < out.mask.size(); ++i) out.mask.voxels[i] &= out.flair.voxels[i] > out.threshold;
  out.found = list_lesions(out.mask, out.flair, t1.labels, kLeastVoxels);
  out.ml = sum_ml(out.found);
  return out;
}

Result<LesionChange> compare_lesions(const Lesions& first, const Scan& first_t1, const Lesions& second,
                                     const Scan& second_t1, int threads) {
  const auto brain = [](const Scan& s) { return weight(imaging::mask_where(s.labels, [](int id) { return id > 0; })); };
  const auto brain_a = brain(first_t1), brain_b = brain(second_t1);
  const auto r =
      TRY(imaging::register_halfway({first.flair, brain_a}, {second.flair, brain_b}, imaging::Freedom::rigid, threads));
  auto a = imaging::sample_cubic(first.flair, r.middle, r.to_a, threads),
       b = imaging::sample_cubic(second.flair, r.middle, r.to_b, threads);
  auto both = imaging::sample_linear(brain_a, r.middle, r.to_a, threads);
  const auto other = imaging::sample_linear(brain_b, r.middle, r.to_b, threads);
  for (std::size_t i = 0; i < both.size(); ++i) both.voxels[i] *= other.voxels[i];
  imaging::harmonise(a, b, imaging::log_gain(a, b, both, kShadeMm, threads), threads);

  auto rise = b;
  for (std::size_t i = 0; i < rise.size(); ++i) rise.voxels[i] -= a.voxels[i];
  imaging::smooth(rise, 0.6, threads);
  const auto white_a =
                 on_grid(imaging::mask_where(first_t1.labels, imaging::is_white_matter), r.middle, r.to_a, threads),
             white_b =
                 on_grid(imaging::mask_where(second_t1.labels, imaging::is_white_matter), r.middle, r.to_b, threads);
  LesionChange out;
  out.correlation = r.correlation;
  out.threshold = std::max(kLeastRise, kNoises * middle_of(rise, imaging::erode(white_b, 1)).spread);
  const auto where_looked = either(white_a, white_b);
  Mask more(r.middle);
  for (std::size_t i = 0; i < more.size(); ++i)
    more.voxels[i] =
        where_looked.voxels[i] && rise.voxels[i] > out.threshold && b.voxels[i] > 1 + kNoises / 2 * second.noise;
  auto there = on_grid(more, second_t1.labels.grid, *imaging::inverse(r.to_b), threads);
  auto before = on_grid(first.mask, r.middle, r.to_a, threads);
  before = imaging::dilate(on_grid(before, second_t1.labels.grid, *imaging::inverse(r.to_b), threads), 1);

  const auto parts = imaging::pieces(there);
  std::vector<bool> was_there(parts.sizes.size());
  for (std::size_t i = 0; i < there.size(); ++i)
    if (before.voxels[i]) was_there[parts.number.voxels[i]] = true;
  Mask fresh = there, grown = there;
  for (std::size_t i = 0; i < there.size(); ++i) {
    const bool old = was_there[parts.number.voxels[i]];
    fresh.voxels[i] &= !old, grown.voxels[i] &= old;
  }
  out.fresh = list_lesions(fresh, second.flair, second_t1.labels, kLeastNewVoxels);
  out.grown = list_lesions(grown, second.flair, second_t1.labels, kLeastNewVoxels);
  for (auto& lesion : out.fresh) lesion.fate = Fate::fresh;
  for (auto& lesion : out.grown) lesion.fate = Fate::grown;
  out.fate = std::move(fresh);
  for (std::size_t i = 0; i < grown.size(); ++i)
    if (grown.voxels[i]) out.fate.voxels[i] = std::uint8_t(Fate::grown);
  return out;
}

Lesions with_change(Lesions second, const Scan& second_t1, const LesionChange& change) {
  second.mask = either(std::move(second.mask), imaging::mask_where(change.fate, [](std::uint8_t k) { return k > 0; }));
  second.found = list_lesions(second.mask, second.flair, second_t1.labels, kLeastVoxels, &change.fate);
  second.ml = sum_ml(second.found);
  return second;
}

Json to_json(const Lesions& l) {
  Json list = Json::array();
  for (std::size_t i = 0; i < std::min(l.found.size(), kMostListed); ++i) list.push_back(to_json(l.found[i]));
  return {{"count", l.found.size()},   {"ml", rounded(l.ml)},       {"threshold", rounded(l.threshold)},
          {"grey", rounded(l.grey)},   {"noise", rounded(l.noise)}, {"slice_mm", rounded(l.slice_mm)},
          {"lesions", std::move(list)}};
}

Json to_json(const LesionChange& c) {
  Json list = Json::array();
  for (const auto* some : {&c.fresh, &c.grown})
    for (const auto& l : *some)
      if (list.size() < kMostListed) list.push_back(to_json(l));
  return {{"new", c.fresh.size()},
          {"new_ml", rounded(sum_ml(c.fresh))},
          {"grown", c.grown.size()},
          {"grown_ml", rounded(sum_ml(c.grown))},
          {"threshold", rounded(c.threshold)},
          {"correlation", rounded(c.correlation)},
          {"lesions", std::move(list)}};
}

}  // namespace larmor::processing::brain

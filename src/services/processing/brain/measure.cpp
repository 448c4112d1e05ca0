#include "services/processing/brain/measure.h"

#include "imaging/structures.h"

namespace larmor::processing::brain {
namespace {

constexpr int kFluid = 24;

/// FreeSurfer ids of left structures by what they say about a brain, with the range of one side that passes as
/// plausible: from half of the smallest in an atrophic head to one and a half times the largest in a healthy one.
struct Plausible {
  int left;
  double least_ml, most_ml;
  bool deep;
};
constexpr std::array kPlausible = {
    Plausible{2, 70, 450, false}, Plausible{3, 90, 550, false}, Plausible{4, 1, 120, false},
    Plausible{7, 3, 35, false},   Plausible{8, 18, 110, false}, Plausible{10, 2.5, 18, true},
    Plausible{11, 1.2, 10, true}, Plausible{12, 1.5, 14, true}, Plausible{13, 0.5, 5, true},
    Plausible{17, 1, 10, true},   Plausible{18, 0.4, 6, true},  Plausible{28, 1.5, 12, false}};

double ml_of(const std::vector<Measured>& all, int id) {
  for (const auto& m : all)
    if (m.id == id) return m.ml;
  return 0;
}

int right_of(int left) {
  const auto* s = imaging::structure(left);
  return s ? s->partner : 0;
}

}  // namespace

std::optional<imaging::Volume<std::uint8_t>> give_sides(const imaging::Volume<std::uint8_t>& classes,
                                                        const Model& model) {
  std::array<std::uint8_t, 256> paired{}, left{}, right{};
  for (const int c : model.plane_classes) paired[std::size_t(c)] = 1;
  for (std::size_t c = 0; c < model.classes.size(); ++c) {
    left[c] = std::uint8_t(model.classes[c].left);
    right[c] = std::uint8_t(model.classes[c].right);
  }
  imaging::Mask deep(classes.grid);
  for (std::size_t i = 0; i < classes.size(); ++i) deep.voxels[i] = paired[classes.voxels[i]];
  const auto plane = imaging::find_midplane(deep);
  if (!plane) return std::nullopt;
  imaging::Volume<std::uint8_t> out(classes.grid);
  std::size_t i = 0;
  for (std::size_t a = 0; a < out.shape()[0]; ++a)
    for (std::size_t b = 0; b < out.shape()[1]; ++b)
      for (std::size_t c = 0; c < out.shape()[2]; ++c, ++i)
        if (const auto k = classes.voxels[i]) out.voxels[i] = plane->is_right(a, b, c) ? right[k] : left[k];
  return out;
}

std::vector<Measured> measure(const imaging::Volume<std::uint8_t>& ids, const imaging::Volume<std::uint8_t>& confidence,
                              const Model& model) {
  std::array<double, 256> n{}, sure{};
  for (std::size_t i = 0; i < ids.size(); ++i) {
    ++n[ids.voxels[i]];
    sure[ids.voxels[i]] += confidence.voxels[i];
  }
  std::array<bool, 256> known{};
  for (const auto& c : model.classes) known[std::size_t(c.left)] = known[std::size_t(c.right)] = true;
  std::vector<Measured> out;
  for (int id = 1; id < 256; ++id) {
    const auto k = std::size_t(id);
    if (known[k]) out.push_back({id, n[k] * imaging::voxel_ml(ids.grid), n[k] > 0 ? sure[k] / n[k] / 255 : 0});
  }
  return out;
}

double intracranial_ml(const imaging::Volume<std::uint8_t>& ids) {
  constexpr std::size_t gap = 5;
  imaging::Mask all(ids.grid);
  for (std::size_t i = 0; i < ids.size(); ++i) all.voxels[i] = ids.voxels[i] != 0;
  const auto box = imaging::bounds(all);
  if (box.high[0] == 0) return 0;
  // Room for the dilation, so that the erosion after it takes back exactly that.
  imaging::Grid grid{{}, ids.grid.to_world};
  for (int d = 0; d < 3; ++d) grid.shape[d] = box.high[d] - box.low[d] + 2 * (gap + 1);
  imaging::Mask roomy(grid);
  for (std::size_t a = box.low[0]; a < box.high[0]; ++a)
    for (std::size_t b = box.low[1]; b < box.high[1]; ++b)
      std::copy_n(&all(a, b, box.low[2]), box.high[2] - box.low[2],
                  &roomy(a - box.low[0] + gap + 1, b - box.low[1] + gap + 1, gap + 1));
  const auto closed = imaging::fill_holes(imaging::erode(imaging::dilate(roomy, gap), gap));
  return double(imaging::count(closed)) * imaging::voxel_ml(grid);
}

std::vector<int> implausible_pairs(const std::vector<Measured>& all) {
  std::vector<int> out;
  for (const auto& p : kPlausible) {
    const auto fits = [&](int id) {
      const double ml = ml_of(all, id);
      return ml >= p.least_ml && ml <= p.most_ml;
    };
    if (!fits(p.left) || !fits(right_of(p.left))) out.push_back(p.left);
  }
  return out;
}

Evidence weigh(const std::vector<Measured>& all, const imaging::Volume<std::uint8_t>& ids, double kept) {
  Evidence e;
  e.kept = kept;
  e.found = int(kPlausible.size() - implausible_pairs(all).size());
  double sure = 0, pairs = 0;
  for (const auto& m : all) {
    if (m.id == kFluid) continue;
    e.brain_ml += m.ml;
    sure += m.ml * m.confidence;
  }
  if (e.brain_ml <= 0) return e;
  e.confidence = sure / e.brain_ml;
  const double white = ml_of(all, 2) + ml_of(all, 41);
  e.cerebrum_ml = white + ml_of(all, 3) + ml_of(all, 42);
  e.white_share = e.cerebrum_ml > 0 ? white / e.cerebrum_ml : 0;
  e.cerebellum_share = (ml_of(all, 7) + ml_of(all, 46) + ml_of(all, 8) + ml_of(all, 47)) / e.brain_ml;
  for (const auto& p : kPlausible) {
    const double l = ml_of(all, p.left), r = ml_of(all, right_of(p.left));
    if (p.deep) e.deep_ml += l + r;
    e.symmetry += std::max(l, r) > 0 ? std::min(l, r) / std::max(l, r) : 0;
    ++pairs;
  }
  e.symmetry /= pairs;
  imaging::Mask brain(ids.grid);
  for (std::size_t i = 0; i < ids.size(); ++i) brain.voxels[i] = ids.voxels[i] != 0 && ids.voxels[i] != kFluid;
  const auto box = imaging::bounds(brain);
  double boxed = imaging::voxel_ml(ids.grid);
  for (int d = 0; d < 3; ++d) boxed *= double(box.high[d] - box.low[d]);
  e.compactness = boxed > 0 ? e.brain_ml / boxed : 0;
  return e;
}

}  // namespace larmor::processing::brain

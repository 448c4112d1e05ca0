#include "services/processing/brain/quality.h"

#include <cmath>

#include "imaging/intensity.h"
#include "imaging/morphology.h"
#include "imaging/structures.h"

namespace larmor::processing::brain {
namespace {

using Labels = imaging::Volume<std::uint8_t>;

constexpr int kFluid = 24;  // FreeSurfer's CSF
constexpr int kSure = 235;  // of 255: voxels of one tissue alone, by the network's word

bool is_brain(int id) {
  return id != 0 && id != kFluid;
}

/// Calls `work(low, high)` for every whole cube of that side.
template <class Work>
void each_block(const imaging::Shape& shape, std::size_t side, const Work& work) {
  for (std::size_t a = 0; a + side <= shape[0]; a += side)
    for (std::size_t b = 0; b + side <= shape[1]; b += side)
      for (std::size_t c = 0; c + side <= shape[2]; c += side) work(imaging::Shape{a, b, c});
}

template <class Work>
void each_voxel(const imaging::Shape& low, std::size_t side, const Work& work) {
  for (std::size_t a = low[0]; a < low[0] + side; ++a)
    for (std::size_t b = low[1]; b < low[1] + side; ++b)
      for (std::size_t c = low[2]; c < low[2] + side; ++c) work(a, b, c);
}

/// Median brightness of a tissue where the network is sure of it; 0 where that is nowhere.
double median_of(const imaging::Volume<float>& head, const Labels& ids, const Labels& sure, bool (*of)(int id)) {
  std::vector<float> values;
  for (std::size_t i = 0; i < ids.size(); ++i)
    if (of(ids.voxels[i]) && sure.voxels[i] > kSure) values.push_back(head.voxels[i]);
  return values.empty() ? 0 : imaging::median(values);
}

void measure_contrast(const imaging::Volume<float>& head, const Labels& ids, const Labels& sure, Quality& out) {
  constexpr std::size_t kSide = 16, kEnough = 200;
  std::vector<float> contrasts, to_noise, white, cortex;
  each_block(ids.shape(), kSide, [&](const imaging::Shape& low) {
    white.clear(), cortex.clear();
    each_voxel(low, kSide, [&](std::size_t a, std::size_t b, std::size_t c) {
      if (sure(a, b, c) <= kSure) return;
      if (imaging::is_white_matter(ids(a, b, c))) white.push_back(head(a, b, c));
      if (imaging::is_cortex(ids(a, b, c))) cortex.push_back(head(a, b, c));
    });
    if (white.size() < kEnough || cortex.size() < kEnough) return;
    const auto w = imaging::middle_of(white), g = imaging::middle_of(cortex);
    if (w.at <= 0) return;
    contrasts.push_back(float((w.at - g.at) / w.at));
    to_noise.push_back(float((w.at - g.at) / std::max(std::hypot(w.spread, g.spread), 1e-3)));
  });
  if (contrasts.empty()) return;
  out.contrast = imaging::median(contrasts);
  out.contrast_to_noise = imaging::median(to_noise);
}

/// Blocks of the picture: their mean brightness, and where most voxels hold a signal.
struct Blocks {
  static constexpr std::size_t kSide = 4;  // mm
  imaging::Volume<float> mean;
  imaging::Mask bright, alive;
};

Blocks blocks_of(const imaging::Volume<float>& picture) {
  constexpr std::size_t kSide = Blocks::kSide, kVoxels = kSide * kSide * kSide;
  constexpr float kBright = 0.2f;  // skin and marrow are brighter, most ghosts darker
  imaging::Grid coarse;
  for (int d = 0; d < 3; ++d) coarse.shape[d] = picture.shape()[d] / kSide;
  Blocks out{imaging::Volume<float>(coarse), imaging::Mask(coarse), imaging::Mask(coarse)};
  each_block(picture.shape(), kSide, [&](const imaging::Shape& low) {
    float sum = 0;
    std::size_t zeros = 0;
    each_voxel(low, kSide, [&](std::size_t a, std::size_t b, std::size_t c) {
      sum += picture(a, b, c);
      zeros += picture(a, b, c) <= 0;
    });
    const auto i = out.mean.index(low[0] / kSide, low[1] / kSide, low[2] / kSide);
    out.mean.voxels[i] = sum / float(kVoxels);
    out.bright.voxels[i] = out.mean.voxels[i] > kBright;
    out.alive.voxels[i] = 2 * zeros < kVoxels;
  });
  return out;
}

/// For every column of blocks along an axis, whether it goes through the mask; by the other two indices.
std::vector<bool> columns_through(const imaging::Mask& m, std::size_t axis) {
  const auto& n = m.shape();
  const std::size_t u = axis == 0 ? 1 : 0, v = axis == 2 ? 1 : 2;
  std::vector<bool> out(n[u] * n[v]);
  imaging::Shape at;
  for (at[0] = 0; at[0] < n[0]; ++at[0])
    for (at[1] = 0; at[1] < n[1]; ++at[1])
      for (at[2] = 0; at[2] < n[2]; ++at[2])
        if (m(at[0], at[1], at[2])) out[at[u] * n[v] + at[v]] = true;
  return out;
}

struct Mean {
  double sum = 0, n = 0;
  void add(double v) { sum += v, ++n; }
  double value() const { return sum / n; }
};

/// Mean brightness of the air that lies along each axis from the head, and along none of them.
struct Air {
  std::array<Mean, 3> along;
  Mean apart;
  std::size_t blocks = 0, alive = 0;
};

/// Air is what lies away from everything bright; below `from` are neck and shoulders.
Air air_of(const Blocks& blocks, std::size_t from) {
  constexpr int kAway = 3;  // blocks: blur, and the ringing of the scalp
  const auto& n = blocks.mean.shape();
  const auto near = imaging::dilate(blocks.bright, kAway);
  const std::array through{columns_through(blocks.bright, 0), columns_through(blocks.bright, 1),
                           columns_through(blocks.bright, 2)};
  Air out;
  for (std::size_t a = 0; a < n[0]; ++a)
    for (std::size_t b = 0; b < n[1]; ++b)
      for (std::size_t c = from; c < n[2]; ++c) {
        if (near(a, b, c)) continue;
        ++out.blocks, out.alive += blocks.alive(a, b, c);
        const std::array lies{through[0][b * n[2] + c], through[1][a * n[2] + c], through[2][a * n[1] + b]};
        const auto many = std::count(lies.begin(), lies.end(), true);
        const double v = blocks.mean(a, b, c);
        if (many == 0) out.apart.add(v);
        if (many == 1) out.along[std::size_t(std::find(lies.begin(), lies.end(), true) - lies.begin())].add(v);
      }
  return out;
}

void measure_ghosts(const Blocks& blocks, std::size_t from, Quality& out) {
  constexpr double kEnough = 100, kAlive = 0.1;  // blocks; share of the air's blocks that hold a signal
  constexpr std::array kAxes{"left to right", "front to back", "head to foot"};
  const auto air = air_of(blocks, from);
  if (air.apart.n < kEnough || double(air.alive) < kAlive * double(air.blocks)) return;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    if (air.along[axis].n < kEnough) continue;
    const double ghosts = air.along[axis].value() - air.apart.value();
    if (!out.ghosts || ghosts > *out.ghosts) out.ghosts = ghosts, out.ghosts_along = kAxes[axis];
  }
}

/// Diameter of the largest ball without signal within the head, mm. Air sinuses are smaller than what metal leaves.
double void_of(const Blocks& blocks, std::size_t from) {
  constexpr float kNoSignal = 0.06f;
  constexpr int kClose = 6, kWidest = 20;  // blocks
  auto empty = imaging::erode(imaging::dilate(blocks.bright, kClose), kClose);
  const auto& n = empty.shape();
  for (std::size_t a = 0; a < n[0]; ++a)
    for (std::size_t b = 0; b < n[1]; ++b)
      for (std::size_t c = 0; c < n[2]; ++c)
        if (c < from || blocks.mean(a, b, c) >= kNoSignal) empty(a, b, c) = 0;
  const int radius = imaging::radius(empty, kWidest);
  return double(Blocks::kSide) * (radius > 0 ? 2 * radius + 1 : 0);
}

/// Along an axis, in how many of the columns through the brain the first (last) voxel of brain lies in one plane.
struct Outline {
  std::vector<std::size_t> first, last;  ///< columns by plane
  std::size_t columns = 0;
};

Outline outline_along(const Labels& ids, std::size_t axis) {
  const auto& n = ids.shape();
  const std::size_t u = axis == 0 ? 1 : 0, v = axis == 2 ? 1 : 2;
  Outline out{std::vector<std::size_t>(n[axis]), std::vector<std::size_t>(n[axis]), 0};
  imaging::Shape at{};
  for (at[u] = 0; at[u] < n[u]; ++at[u])
    for (at[v] = 0; at[v] < n[v]; ++at[v]) {
      const auto brain = [&](std::size_t k) {
        at[axis] = k;
        return is_brain(ids(at[0], at[1], at[2]));
      };
      std::size_t low = 0, high = n[axis];
      while (low < high && !brain(low)) ++low;
      if (low == high) continue;
      while (!brain(high - 1)) --high;
      ++out.first[low], ++out.last[high - 1], ++out.columns;
    }
  return out;
}

void measure_cut(const Labels& ids, Quality& out) {
  constexpr std::array<std::array<const char*, 2>, 3> kEnds{{{"left", "right"}, {"back", "front"}, {"bottom", "top"}}};
  for (std::size_t axis = 0; axis < 3; ++axis) {
    const auto outline = outline_along(ids, axis);
    if (outline.columns == 0) return;
    const std::array ends{&outline.first, &outline.last};
    for (std::size_t end = 0; end < 2; ++end) {
      const double share = double(*std::max_element(ends[end]->begin(), ends[end]->end())) / double(outline.columns);
      if (share > out.cut) out.cut = share, out.cut_at = kEnds[axis][end];
    }
  }
}

double bright_fluid_of(const imaging::Volume<float>& head, const Labels& ids, double white) {
  std::size_t all = 0, bright = 0;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (ids.voxels[i] != kFluid) continue;
    ++all;
    bright += head.voxels[i] > 1.2 * white;
  }
  return all > 0 ? double(bright) / double(all) : 0;
}

double rounded(double v) {
  return std::round(v * 1e4) / 1e4;
}

}  // namespace

Quality assess(const imaging::Volume<float>& picture, const imaging::Box& box, const Labels& all,
               const Labels& sure_of) {
  Quality out;
  const auto brain = imaging::bounds(imaging::mask_where(all, is_brain));
  if (brain.high[0] == 0) return out;
  imaging::Box in_picture = brain;
  for (std::size_t d = 0; d < 3; ++d) in_picture.low[d] += box.low[d], in_picture.high[d] += box.low[d];
  const auto head = imaging::crop(picture, in_picture);
  const auto ids = imaging::crop(all, brain), sure = imaging::crop(sure_of, brain);
  const double white = median_of(head, ids, sure, imaging::is_white_matter),
               cortex = median_of(head, ids, sure, imaging::is_cortex);
  if (white <= 0) return out;
  measure_contrast(head, ids, sure, out);
  const auto blocks = blocks_of(picture);
  const std::size_t from = in_picture.low[2] / Blocks::kSide;  // below are neck and shoulders
  measure_ghosts(blocks, from, out);
  out.void_mm = void_of(blocks, from);
  measure_cut(ids, out);
  out.one_sided = find_one_sided(head, ids, white, cortex);
  out.bright_fluid = bright_fluid_of(head, ids, white);
  return out;
}

Json to_json(const Quality& q) {
  const auto or_null = [](const std::optional<double>& v) { return v ? Json(rounded(*v)) : Json(); };
  Json out{{"ghosts", or_null(q.ghosts)},
           {"ghosts_along", q.ghosts_along},
           {"contrast", or_null(q.contrast)},
           {"contrast_to_noise", or_null(q.contrast_to_noise)},
           {"cut", rounded(q.cut)},
           {"cut_at", q.cut_at},
           {"void_mm", q.void_mm},
           {"bright_fluid", rounded(q.bright_fluid)},
           {"negative", rounded(q.negative)}};
  out["one_sided"] = {{"mm", q.one_sided.mm},
                      {"ml", rounded(q.one_sided.ml)},
                      {"brightness", rounded(q.one_sided.brightness)},
                      {"side", q.one_sided.right ? "right" : "left"},
                      {"label", q.one_sided.label}};
  if (q.second_look)
    out["second_look"] = {{"mean", rounded(q.second_look->mean)},
                          {"lowest", rounded(q.second_look->lowest)},
                          {"lowest_in", q.second_look->lowest_name}};
  return out;
}

}  // namespace larmor::processing::brain

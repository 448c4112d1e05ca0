#include "imaging/atlas_match.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "imaging/least_squares.h"
#include "imaging/morphology.h"
#include "imaging/parallel.h"
#include "imaging/registration.h"
#include "imaging/smooth.h"
#include "imaging/spline.h"

namespace larmor::imaging {
namespace {

constexpr std::size_t kKinds = 7, kUnknowns = 12;
constexpr double kMarginMm = 12;    // room around the brain for the displacement to fade
constexpr double kLeastMm = 60;     // of the head's grid, each way
constexpr double kLeastMl = 0.2;    // of what gives the direction
constexpr double kLengthMm = 50;    // makes turns and shifts of the affine map numbers of one size
constexpr double kDamping = 1e-5;   // of the mean of the equations' diagonal
constexpr double kFluid = 1.5;      // blocks: smoothing of every step
constexpr double kElastic = 0.5;    // blocks: smoothing of the whole displacement after each step
constexpr float kNothing = 0.002f;  // of all kinds together, in an empty block

struct Level {
  double mm;       ///< blocks
  double blur_mm;  ///< standard deviation, the block's own included
  int steps;
};
constexpr std::array kAffineLevels = {Level{8, 7, 10}, Level{8, 5, 5}};
constexpr std::array kShiftLevels = {Level{8, 6, 20}, Level{4, 3.5, 20}};

using Labels = Volume<std::uint8_t>;
/// How much of a block is of each kind, 0..1; the eighth is always 0, for the processor's vectors.
using Share = std::array<float, kKinds + 1>;
using Shares = Volume<Share>;

/// What is labelled, with a margin.
Box labelled(const Labels& v, const Tissues& tissues) {
  Mask some(v.grid);
  for (std::size_t i = 0; i < v.size(); ++i) some.voxels[i] = tissues[v.voxels[i]] != 0;
  Box out = bounds(some);
  const auto margin = std::size_t(kMarginMm / spacing(v.grid.to_world)[0]);
  for (int d = 0; d < 3; ++d) {
    out.low[d] -= std::min(margin, out.low[d]);
    out.high[d] = std::min(out.high[d] + margin, v.shape()[d]);
  }
  return out;
}

/// Blocks of n voxels over the box.
Grid blocks_over(const Box& box, const Affine& to_world, std::size_t n) {
  Grid out;
  Affine to_voxels;
  for (int d = 0; d < 3; ++d) {
    out.shape[d] = (box.high[d] - box.low[d] + n - 1) / n;
    to_voxels.rows[d][d] = double(n);
    to_voxels.rows[d][3] = double(box.low[d]) + double(n - 1) / 2;
  }
  out.to_world = to_world * to_voxels;
  return out;
}

Shares shares(const Labels& labels, const Box& box, const Tissues& tissues, const Level& level, int threads) {
  const double old = spacing(labels.grid.to_world)[0];
  const auto n = std::size_t(std::max(1.0, std::round(level.mm / old)));
  std::array<Volume<float>, kKinds> kinds;
  kinds.fill(Volume<float>(blocks_over(box, labels.grid.to_world, n)));
  const float one = 1 / float(n * n * n);
  each_slice(kinds[0].shape()[0], threads, [&](std::size_t block) {
    const std::size_t from = box.low[0] + block * n;
    for (std::size_t a = from; a < std::min(from + n, box.high[0]); ++a)
      for (std::size_t b = box.low[1]; b < box.high[1]; ++b)
        for (std::size_t c = box.low[2]; c < box.high[2]; ++c)
          for (unsigned bits = tissues[labels(a, b, c)]; bits != 0; bits &= bits - 1)
            kinds[std::size_t(std::countr_zero(bits))](block, (b - box.low[1]) / n, (c - box.low[2]) / n) += one;
  });
  const double wide = double(n) * old, own = wide / std::sqrt(12.0);
  Shares out(kinds[0].grid);
  for (std::size_t k = 0; k < kKinds; ++k) {
    smooth(kinds[k], std::sqrt(std::max(0.0, level.blur_mm * level.blur_mm - own * own)) / wide, threads);
    for (std::size_t i = 0; i < out.size(); ++i) out.voxels[i][k] = kinds[k].voxels[i];
  }
  return out;
}

/// Trilinear between the blocks' centres; 0 from one block outside on. `at` in blocks.
Share sample(const Shares& v, const Point& at) {
  Share out{};
  std::array<std::ptrdiff_t, 3> low;
  std::array<std::array<float, 2>, 3> weight;
  for (int d = 0; d < 3; ++d) {
    if (!(at[d] > -1 && at[d] < double(v.shape()[d]))) return out;
    low[d] = std::ptrdiff_t(at[d] + 1) - 1;
    const auto t = float(at[d] - double(low[d]));
    weight[d] = {low[d] >= 0 ? 1 - t : 0, low[d] + 1 < std::ptrdiff_t(v.shape()[d]) ? t : 0};
  }
  for (std::size_t corner = 0; corner < 8; ++corner) {
    const std::size_t i = corner >> 2, j = corner >> 1 & 1, k = corner & 1;
    const float w = weight[0][i] * weight[1][j] * weight[2][k];
    if (w == 0) continue;
    const Share& there = v(std::size_t(low[0]) + i, std::size_t(low[1]) + j, std::size_t(low[2]) + k);
    for (std::size_t n = 0; n < out.size(); ++n) out[n] += w * there[n];
  }
  return out;
}

Point less(const Point& a, const Point& b) {
  return {a[0] - b[0], a[1] - b[1], a[2] - b[2]};
}

Point unit(const Point& p) {
  const double l = length(p);
  return {p[0] / l, p[1] / l, p[2] / l};
}

/// From right-angled axes to mm: to the right, towards the hind brain, square to both; between the two deep halves.
Result<Affine> frame(const Labels& v, const Tissues& tissues) {
  enum Part { left, right, hind, parts };
  std::array<Point, parts> at{};
  std::array<double, parts> n{};
  for (std::size_t a = 0; a < v.shape()[0]; ++a)
    for (std::size_t b = 0; b < v.shape()[1]; ++b)
      for (std::size_t c = 0; c < v.shape()[2]; ++c) {
        const unsigned kinds = tissues[v(a, b, c)];
        if (!(kinds & (kDeepGrey | kHindBrain))) continue;
        const Part part = kinds & kHindBrain ? hind : kinds & kLeftHalf ? left : right;
        at[part][0] += double(a), at[part][1] += double(b), at[part][2] += double(c);
        ++n[part];
      }
  for (int i = 0; i < parts; ++i) {
    if (n[i] * voxel_ml(v.grid) < kLeastMl)
      return fail(Code::unsupported, "deep grey matter on both sides and a hind brain are needed to find a direction");
    at[i] = v.grid.to_world({at[i][0] / n[i], at[i][1] / n[i], at[i][2] / n[i]});
  }
  Point middle;
  for (int d = 0; d < 3; ++d) middle[d] = (at[left][d] + at[right][d]) / 2;
  const Point x = unit(less(at[right], at[left])), down = less(at[hind], middle);
  const double along = dot(x, down);
  const Point y = unit(less(down, {along * x[0], along * x[1], along * x[2]}));
  Affine out;
  out.set_column(0, x);
  out.set_column(1, y);
  out.set_column(2, cross(x, y));
  out.set_column(3, middle);
  if (!is_usable(out)) return fail(Code::unsupported, "the hind brain lies between the deep halves");
  return out;
}

struct Sums {
  Equations<kUnknowns> normal{};
  std::array<double, kUnknowns> right{};
};

/// Slopes of all kinds at a place in blocks, along the blocks' axes.
std::array<Share, 3> slopes(const Shares& v, const Point& at) {
  std::array<Share, 3> out;
  for (std::size_t d = 0; d < 3; ++d) {
    Point high = at, low = at;
    high[d] += 0.5, low[d] -= 0.5;
    const Share h = sample(v, high), l = sample(v, low);
    for (std::size_t k = 0; k < h.size(); ++k) out[d][k] = h[k] - l[k];
  }
  return out;
}

/// What one block says about the affine map.
void add(const Share& head, const Shares& atlas, const Point& there, const Affine& to_blocks,
         const std::array<double, 4>& lever, Sums& sums) {
  const Share now = sample(atlas, there);
  const auto slope = slopes(atlas, there);
  for (std::size_t kind = 0; kind < kKinds; ++kind) {
    Point s{};  // per mm of the atlas
    for (std::size_t d = 0; d < 3; ++d)
      for (std::size_t k = 0; k < 3; ++k) s[d] += double(slope[k][kind]) * to_blocks.rows[k][d];
    if (dot(s, s) == 0) continue;
    const double r = double(head[kind]) - double(now[kind]);
    std::array<double, kUnknowns> j;
    for (std::size_t k = 0; k < kUnknowns; ++k) j[k] = s[k / 4] * lever[k % 4];
    for (std::size_t k = 0; k < kUnknowns; ++k) {
      for (std::size_t l = 0; l <= k; ++l) sums.normal[k][l] += j[k] * j[l];
      sums.right[k] += j[k] * r;
    }
  }
}

/// One step of Gauss and Newton on the affine map; false where the tissues do not determine it.
bool improve(const Shares& head, const Shares& atlas, Affine& map, int threads) {
  const Grid& grid = head.grid;
  const Affine to_blocks = *inverse(atlas.grid.to_world);
  const Point middle = grid.to_world({double(grid.shape[0]) / 2, double(grid.shape[1]) / 2, double(grid.shape[2]) / 2});
  std::vector<Sums> parts(grid.shape[0]);
  each_slice(grid.shape[0], threads, [&](std::size_t a) {
    for (std::size_t b = 0; b < grid.shape[1]; ++b)
      for (std::size_t c = 0; c < grid.shape[2]; ++c) {
        const Point here = grid.to_world({double(a), double(b), double(c)});
        std::array<double, 4> lever{0, 0, 0, 1};
        for (int d = 0; d < 3; ++d) lever[d] = (here[d] - middle[d]) / kLengthMm;
        add(head(a, b, c), atlas, to_blocks(map(here)), to_blocks, lever, parts[a]);
      }
  });
  Sums all;
  for (const auto& p : parts)
    for (std::size_t k = 0; k < kUnknowns; ++k) {
      for (std::size_t l = 0; l <= k; ++l) all.normal[k][l] += p.normal[k][l];
      all.right[k] += p.right[k];
    }
  double diagonal = 0;
  for (std::size_t k = 0; k < kUnknowns; ++k) diagonal += all.normal[k][k] / kUnknowns;
  for (std::size_t k = 0; k < kUnknowns; ++k) all.normal[k][k] += kDamping * diagonal;
  if (!solve(all.normal, all.right, kUnknowns)) return false;
  for (std::size_t d = 0; d < 3; ++d) {
    map.rows[d][3] += all.right[d * 4 + 3];
    for (std::size_t k = 0; k < 3; ++k) {
      const double turn = all.right[d * 4 + k] / kLengthMm;
      map.rows[d][k] += turn;
      map.rows[d][3] -= turn * middle[k];
    }
  }
  return true;
}

bool is_empty(const Share& s) {
  float sum = 0;
  for (const float v : s) sum += v;
  return sum < kNothing;
}

/// The atlas as it lies on the head's blocks now; nothing pulls where the head is empty.
void lay_over(const Shares& head, const Shares& atlas, const Affine& map, const Shift& shift, Shares& now,
              int threads) {
  const Grid& grid = head.grid;
  const Affine to_blocks = *inverse(atlas.grid.to_world);
  each_slice(grid.shape[0], threads, [&](std::size_t a) {
    for (std::size_t b = 0; b < grid.shape[1]; ++b)
      for (std::size_t c = 0; c < grid.shape[2]; ++c) {
        const std::size_t i = head.index(a, b, c);
        if (is_empty(head.voxels[i])) {
          now.voxels[i] = head.voxels[i];
          continue;
        }
        Point there = map(grid.to_world({double(a), double(b), double(c)}));
        for (int d = 0; d < 3; ++d) there[d] += double(shift[d].voxels[i]);
        now.voxels[i] = sample(atlas, to_blocks(there));
      }
  });
}

/// The demons' force in every block, in mm of the atlas: along the mean slope of both, at most half a block.
void force(const Shares& head, const Shares& now, const std::array<Point, 3>& axes, Shift& step, int threads) {
  const auto [na, nb, nc] = head.shape();
  const std::array<std::ptrdiff_t, 3> stride{std::ptrdiff_t(nb * nc), std::ptrdiff_t(nc), 1};
  const double mm = spacing(head.grid.to_world)[0];
  const auto per_mm = float(1 / (4 * mm)), square = float(1 / (mm * mm));
  each_slice(na - 2, threads, [&, nb = nb, nc = nc](std::size_t before) {
    for (std::size_t b = 1; b + 1 < nb; ++b)
      for (std::size_t c = 1; c + 1 < nc; ++c) {
        const std::size_t i = head.index(before + 1, b, c);
        const Share *h = head.voxels.data() + i, *n = now.voxels.data() + i;
        Share r;
        float size = 1e-6f;  // below it nothing pulls
        for (std::size_t k = 0; k < r.size(); ++k) r[k] = (*h)[k] - (*n)[k];
        for (std::size_t k = 0; k < r.size(); ++k) size += r[k] * r[k] * square;
        std::array<float, 3> pull{};
        for (std::size_t d = 0; d < 3; ++d) {
          const Share &h1 = h[stride[d]], &h0 = h[-stride[d]], &n1 = n[stride[d]], &n0 = n[-stride[d]];
          for (std::size_t k = 0; k < r.size(); ++k) {
            const float s = (h1[k] - h0[k] + n1[k] - n0[k]) * per_mm;
            pull[d] += s * r[k];
            size += s * s;
          }
        }
        for (int d = 0; d < 3; ++d)
          step[d].voxels[i] =
              (pull[0] * float(axes[0][d]) + pull[1] * float(axes[1][d]) + pull[2] * float(axes[2][d])) / size;
      }
  });
}

void deform(const Shares& head, const Shares& atlas, const Affine& map, int steps, Shift& shift, int threads) {
  const Grid& grid = head.grid;
  for (auto& s : shift) s = s.size() == 0 ? Volume<float>(grid) : sample_linear(s, grid, {}, threads);
  // Where a step along each of the head's axes leads in the atlas.
  const Affine to_atlas = map * grid.to_world;
  const std::array<Point, 3> axes{unit(to_atlas.column(0)), unit(to_atlas.column(1)), unit(to_atlas.column(2))};
  Shares now(grid);
  Shift step;
  step.fill(Volume<float>(grid));
  for (int i = 0; i < steps; ++i) {
    lay_over(head, atlas, map, shift, now, threads);
    force(head, now, axes, step, threads);
    for (int d = 0; d < 3; ++d) {
      smooth(step[d], kFluid, threads);
      for (std::size_t k = 0; k < step[d].size(); ++k) shift[d].voxels[k] += step[d].voxels[k];
      smooth(shift[d], kElastic, threads);
    }
  }
}

}  // namespace

AtlasMatch::AtlasMatch(const Affine& affine, Shift shift)
    : affine_(affine), to_blocks_(*inverse(shift[0].grid.to_world)), shift_(std::move(shift)) {}

Point AtlasMatch::operator()(const Point& head) const {
  const Point block = to_blocks_(head);
  Point out = affine_(head);
  for (int d = 0; d < 3; ++d) out[d] += double(linear(shift_[d], block));
  return out;
}

Result<AtlasMatch> match_atlas(const Labels& head, const Labels& atlas, const Tissues& tissues, int threads) {
  const double mm = spacing(head.grid.to_world)[0];
  for (const auto side : head.shape())
    if (double(side) * mm < kLeastMm)
      return fail(Code::unsupported, "{:.0f} mm of labels are too few to find their place in an atlas",
                  double(side) * mm);
  const Affine from = TRY(frame(head, tissues)), to = TRY(frame(atlas, tissues));
  Affine map = to * *inverse(from);
  const Box head_box = labelled(head, tissues), atlas_box = labelled(atlas, tissues);
  for (const auto& level : kAffineLevels) {
    const Shares h = shares(head, head_box, tissues, level, threads),
                 a = shares(atlas, atlas_box, tissues, level, threads);
    for (int i = 0; i < level.steps; ++i)
      if (!improve(h, a, map, threads) || !is_usable(map))
        return fail(Code::unsupported, "the tissues of head and atlas determine no affine map between them");
  }
  Shift shift;
  for (const auto& level : kShiftLevels)
    deform(shares(head, head_box, tissues, level, threads), shares(atlas, atlas_box, tissues, level, threads), map,
           level.steps, shift, threads);
  return AtlasMatch(map, std::move(shift));
}

}  // namespace larmor::imaging

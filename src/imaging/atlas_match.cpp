#include "imaging/atlas_match.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "imaging/least_squares.h"
#include "imaging/parallel.h"
#include "imaging/registration.h"
#include "imaging/smooth.h"
#include "imaging/spline.h"

namespace larmor::imaging {
namespace {

constexpr std::size_t kKinds = 7, kUnknowns = 12;
constexpr double kMarginMm = 12;   // room around the brain for the displacement to fade
constexpr double kLeastMm = 60;    // of the head's grid, each way
constexpr double kLeastMl = 0.2;   // of what gives the direction
constexpr double kLengthMm = 50;   // makes turns and shifts of the affine map numbers of one size
constexpr double kDamping = 1e-5;  // of the mean of the equations' diagonal
constexpr double kFluid = 1.5;     // blocks: smoothing of every step
constexpr double kElastic = 0.5;   // blocks: smoothing of the whole displacement after each step

struct Level {
  double mm;       ///< blocks
  double blur_mm;  ///< standard deviation, the block's own included
  int steps;
};
constexpr std::array kAffineLevels = {Level{8, 7, 10}, Level{8, 5, 5}};
constexpr std::array kShiftLevels = {Level{8, 6, 20}, Level{4, 3.5, 20}, Level{3, 2.5, 15}};

using Labels = Volume<std::uint8_t>;
/// How much of each block is of each kind, 0..1.
using Shares = std::array<Volume<float>, kKinds>;

/// Blocks of n voxels over the labelled part, with a margin.
struct Blocks {
  std::size_t n;
  Shape low{}, high{};  ///< voxels, [low, high)
  Grid grid;
};

Blocks blocks_over(const Labels& v, const Tissues& tissues, double mm) {
  const double old = spacing(v.grid.to_world)[0];
  Blocks out{std::size_t(std::max(1.0, std::round(mm / old))), v.shape(), {}, {}};
  for (std::size_t a = 0; a < v.shape()[0]; ++a)
    for (std::size_t b = 0; b < v.shape()[1]; ++b)
      for (std::size_t c = 0; c < v.shape()[2]; ++c)
        if (tissues[v(a, b, c)])
          for (const auto& [d, at] : {std::pair{0, a}, {1, b}, {2, c}}) {
            out.low[d] = std::min(out.low[d], at);
            out.high[d] = std::max(out.high[d], at + 1);
          }
  const auto margin = std::size_t(kMarginMm / old);
  Affine to_voxels;
  for (int d = 0; d < 3; ++d) {
    out.low[d] -= std::min(margin, out.low[d]);
    out.high[d] = std::min(out.high[d] + margin, v.shape()[d]);
    out.grid.shape[d] = (out.high[d] - out.low[d] + out.n - 1) / out.n;
    to_voxels.rows[d][d] = double(out.n);
    to_voxels.rows[d][3] = double(out.low[d]) + double(out.n - 1) / 2;
  }
  out.grid.to_world = v.grid.to_world * to_voxels;
  return out;
}

Shares shares(const Labels& labels, const Tissues& tissues, const Level& level, int threads) {
  const Blocks blocks = blocks_over(labels, tissues, level.mm);
  Shares out;
  out.fill(Volume<float>(blocks.grid));
  const std::size_t n = blocks.n;
  const float one = 1 / float(n * n * n);
  each_slice(blocks.grid.shape[0], threads, [&](std::size_t block) {
    const std::size_t from = blocks.low[0] + block * n;
    for (std::size_t a = from; a < std::min(from + n, blocks.high[0]); ++a)
      for (std::size_t b = blocks.low[1]; b < blocks.high[1]; ++b)
        for (std::size_t c = blocks.low[2]; c < blocks.high[2]; ++c)
          for (unsigned kinds = tissues[labels(a, b, c)]; kinds != 0; kinds &= kinds - 1)
            out[std::size_t(std::countr_zero(kinds))](block, (b - blocks.low[1]) / n, (c - blocks.low[2]) / n) += one;
  });
  const double wide = spacing(blocks.grid.to_world)[0], own = wide / std::sqrt(12.0);
  const double more = std::sqrt(std::max(0.0, level.blur_mm * level.blur_mm - own * own)) / wide;
  for (auto& v : out) smooth(v, more, threads);
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

/// Slope of `v` at a place in its voxels, per mm of its world.
Point slope(const Volume<float>& v, const Point& at, const Affine& to_voxels) {
  Point s, out{};
  for (int d = 0; d < 3; ++d) {
    Point high = at, low = at;
    high[d] += 0.5, low[d] -= 0.5;
    s[d] = double(linear(v, high)) - double(linear(v, low));
  }
  for (int d = 0; d < 3; ++d)
    for (int k = 0; k < 3; ++k) out[d] += s[k] * to_voxels.rows[k][d];
  return out;
}

/// One step of Gauss and Newton on the affine map; false where the tissues do not determine it.
bool improve(const Shares& head, const Shares& atlas, Affine& map, int threads) {
  const Grid& grid = head[0].grid;
  const Affine to_voxels = *inverse(atlas[0].grid.to_world);
  const Point middle = grid.to_world({double(grid.shape[0]) / 2, double(grid.shape[1]) / 2, double(grid.shape[2]) / 2});
  std::vector<Sums> parts(grid.shape[0]);
  each_slice(grid.shape[0], threads, [&](std::size_t a) {
    Sums& sums = parts[a];
    for (std::size_t b = 0; b < grid.shape[1]; ++b)
      for (std::size_t c = 0; c < grid.shape[2]; ++c) {
        const Point here = grid.to_world({double(a), double(b), double(c)}), there = to_voxels(map(here));
        std::array<double, 4> lever{0, 0, 0, 1};
        for (int d = 0; d < 3; ++d) lever[d] = (here[d] - middle[d]) / kLengthMm;
        for (std::size_t kind = 0; kind < kKinds; ++kind) {
          const Point s = slope(atlas[kind], there, to_voxels);
          if (dot(s, s) == 0) continue;
          const double r = double(head[kind](a, b, c)) - double(linear(atlas[kind], there));
          std::array<double, kUnknowns> j;
          for (std::size_t k = 0; k < kUnknowns; ++k) j[k] = s[k / 4] * lever[k % 4];
          for (std::size_t k = 0; k < kUnknowns; ++k) {
            for (std::size_t l = 0; l <= k; ++l) sums.normal[k][l] += j[k] * j[l];
            sums.right[k] += j[k] * r;
          }
        }
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

/// The atlas as it lies on the head's blocks now.
void lay_over(const Shares& atlas, const Affine& map, const Shift& shift, Shares& now, int threads) {
  const Grid& grid = now[0].grid;
  const Affine to_voxels = *inverse(atlas[0].grid.to_world);
  each_slice(grid.shape[0], threads, [&](std::size_t a) {
    for (std::size_t b = 0; b < grid.shape[1]; ++b)
      for (std::size_t c = 0; c < grid.shape[2]; ++c) {
        const std::size_t i = now[0].index(a, b, c);
        Point there = map(grid.to_world({double(a), double(b), double(c)}));
        for (int d = 0; d < 3; ++d) there[d] += double(shift[d].voxels[i]);
        there = to_voxels(there);
        for (std::size_t kind = 0; kind < kKinds; ++kind) now[kind].voxels[i] = linear(atlas[kind], there);
      }
  });
}

/// The demons' force in every block, in mm of the atlas: along the mean slope of both, at most half a block.
void force(const Shares& head, const Shares& now, const std::array<Point, 3>& axes, Shift& step, int threads) {
  const auto [na, nb, nc] = head[0].shape();
  const std::array<std::ptrdiff_t, 3> stride{std::ptrdiff_t(nb * nc), std::ptrdiff_t(nc), 1};
  const double mm = spacing(head[0].grid.to_world)[0];
  const auto per_mm = float(1 / (4 * mm)), square = float(1 / (mm * mm));
  each_slice(na - 2, threads, [&, nb = nb, nc = nc](std::size_t before) {
    for (std::size_t b = 1; b + 1 < nb; ++b)
      for (std::size_t c = 1; c + 1 < nc; ++c) {
        const std::size_t i = head[0].index(before + 1, b, c);
        std::array<float, 3> pull{};
        float size = 1e-6f;  // below it nothing pulls
        for (std::size_t kind = 0; kind < kKinds; ++kind) {
          const float *h = head[kind].voxels.data() + i, *n = now[kind].voxels.data() + i;
          const float r = *h - *n;
          for (int d = 0; d < 3; ++d) {
            const float s = (h[stride[d]] - h[-stride[d]] + n[stride[d]] - n[-stride[d]]) * per_mm;
            pull[d] += s * r;
            size += s * s;
          }
          size += r * r * square;
        }
        for (int d = 0; d < 3; ++d)
          step[d].voxels[i] =
              (pull[0] * float(axes[0][d]) + pull[1] * float(axes[1][d]) + pull[2] * float(axes[2][d])) / size;
      }
  });
}

void deform(const Shares& head, const Shares& atlas, const Affine& map, int steps, Shift& shift, int threads) {
  const Grid& grid = head[0].grid;
  for (auto& s : shift) s = s.size() == 0 ? Volume<float>(grid) : sample_linear(s, grid, {}, threads);
  // Where a step along each of the head's axes leads in the atlas.
  const Affine to_atlas = map * grid.to_world;
  const std::array<Point, 3> axes{unit(to_atlas.column(0)), unit(to_atlas.column(1)), unit(to_atlas.column(2))};
  Shares now;
  now.fill(Volume<float>(grid));
  Shift step;
  step.fill(Volume<float>(grid));
  for (int i = 0; i < steps; ++i) {
    lay_over(atlas, map, shift, now, threads);
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
  for (const auto& level : kAffineLevels) {
    const Shares h = shares(head, tissues, level, threads), a = shares(atlas, tissues, level, threads);
    for (int i = 0; i < level.steps; ++i)
      if (!improve(h, a, map, threads) || !is_usable(map))
        return fail(Code::unsupported, "the tissues of head and atlas determine no affine map between them");
  }
  Shift shift;
  for (const auto& level : kShiftLevels)
    deform(shares(head, tissues, level, threads), shares(atlas, tissues, level, threads), map, level.steps, shift,
           threads);
  return AtlasMatch(map, std::move(shift));
}

}  // namespace larmor::imaging

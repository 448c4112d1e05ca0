#include "imaging/registration.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "imaging/harmonise.h"
#include "imaging/least_squares.h"
#include "imaging/parallel.h"
#include "imaging/smooth.h"
#include "imaging/spline.h"

namespace larmor::imaging {
namespace {

constexpr double kMarginMm = 12;
constexpr double kRadiusMm = 70;      // of a brain: turns an angle into a distance
constexpr double kSettledMm = 0.002;  // times the level's voxel
constexpr double kShadeMm = 25;
constexpr int kMostIterations = 30;
constexpr double kLeastOverlap = 0.7;
constexpr std::size_t kMost = 12;

using Vector = std::array<double, kMost>;

struct Sums {
  Equations<kMost> normal{};
  Vector right{};
  double weight = 0, squares = 0;
};

struct Extent {
  Point centre{};
  Point reach{};    ///< mm to the farthest voxel of the brain, per world axis
  double mean = 0;  ///< brightness within the brain
};

Result<Extent> extent_of(const Subject& s) {
  Extent e;
  double total = 0, bright = 0;
  const auto& shape = s.image.shape();
  const auto each = [&](auto&& use) {
    for (std::size_t a = 0; a < shape[0]; ++a)
      for (std::size_t b = 0; b < shape[1]; ++b)
        for (std::size_t c = 0; c < shape[2]; ++c)
          if (const double w = s.brain(a, b, c); w > 0)
            use(s.image.grid.to_world({double(a), double(b), double(c)}), w, s.image(a, b, c));
  };
  each([&](const Point& p, double w, float v) {
    for (int d = 0; d < 3; ++d) e.centre[d] += w * p[d];
    total += w, bright += w * v;
  });
  if (total < 1000 || !(bright > 0)) return fail(Code::invalid, "there is no brain to compare");
  for (auto& x : e.centre) x /= total;
  e.mean = bright / total;
  each([&](const Point& p, double, float) {
    for (int d = 0; d < 3; ++d) e.reach[d] = std::max(e.reach[d], std::abs(p[d] - e.centre[d]));
  });
  return e;
}

Grid middle_grid(const Extent& a, const Extent& b, double mm) {
  Grid g;
  for (int d = 0; d < 3; ++d) {
    const double n = std::ceil((std::max(a.reach[d], b.reach[d]) + kMarginMm) / mm);
    g.shape[d] = std::size_t(2 * n + 1);
    g.to_world.rows[d][d] = mm;
    g.to_world.rows[d][3] = -n * mm;
  }
  return g;
}

Affine moved_to(const Point& centre, const Affine& map) {
  Affine out = map;
  for (int d = 0; d < 3; ++d) out.rows[d][3] += centre[d];
  return out;
}

/// One of the two, ready for a level.
struct Side {
  Volume<float> image, brain;
  Point centre;
  double sign;  ///< of the half motion that leads from the middle to it
  Affine half(const Generator& motion) const { return exponential(motion, sign * 0.5); }
  Affine to_world(const Generator& motion) const { return moved_to(centre, half(motion)); }
};

Side prepare(const Subject& s, const Extent& e, double sign, double mm, int threads) {
  Side out{s.image, s.brain, e.centre, sign};
  const double old = spacing(s.image.grid.to_world)[0];
  for (auto& v : out.image.voxels) v = float(v / e.mean);
  if (mm > old * 1.5) {
    smooth(out.image, 0.5 * mm / old, threads);
    smooth(out.brain, 0.5 * mm / old, threads);
  }
  return out;
}

/// d(place in the picture) / d(parameter), seen from the middle: rows of 3x4 matrices.
std::array<Affine, kMost> derivatives(const Side& side, const Generator& motion) {
  constexpr double step = 1e-5;
  const Affine back = exponential(motion, -side.sign * 0.5);
  std::array<Affine, kMost> out;
  for (std::size_t i = 0; i < kMost; ++i) {
    Generator more = motion, less = motion;
    more[i] += step, less[i] -= step;
    const Affine high = side.half(more), low = side.half(less);
    for (int r = 0; r < 3; ++r)
      for (int c = 0; c < 4; ++c) {
        out[i].rows[r][c] = 0;
        for (int k = 0; k < 3; ++k)
          out[i].rows[r][c] += back.rows[r][k] * (high.rows[k][c] - low.rows[k][c]) / (2 * step);
      }
  }
  return out;
}

struct Pair {
  Volume<float> a, b, weight;
};

Pair sample(const Side& a, const Side& b, const Generator& motion, const Grid& grid, int threads) {
  Pair p;
  const Affine to_a = a.to_world(motion), to_b = b.to_world(motion);
  p.a = sample_linear(a.image, grid, to_a, threads);
  p.b = sample_linear(b.image, grid, to_b, threads);
  p.weight = sample_linear(a.brain, grid, to_a, threads);
  const auto other = sample_linear(b.brain, grid, to_b, threads);
  for (std::size_t i = 0; i < other.size(); ++i) p.weight.voxels[i] *= other.voxels[i];
  return p;
}

Point gradient(const Volume<float>& v, std::size_t i, double mm) {
  const std::size_t nc = v.shape()[2], nbc = v.shape()[1] * nc;
  const float* p = v.voxels.data() + i;
  const double k = 0.5 / mm;
  return {double(p[nbc] - p[-std::ptrdiff_t(nbc)]) * k, double(p[nc] - p[-std::ptrdiff_t(nc)]) * k,
          double(p[1] - p[-1]) * k};
}

/// Robust normal equations of one step. `spread` is the residual at which a voxel counts a quarter.
Sums equations(const Pair& p, const std::array<Affine, kMost>& da, const std::array<Affine, kMost>& db, int n,
               double spread, int threads) {
  const auto& s = p.a.shape();
  const double mm = spacing(p.a.grid.to_world)[0];
  std::vector<Sums> parts(s[0]);
  each_slice(s[0] - 2, threads, [&](std::size_t before) {
    const std::size_t a = before + 1;
    Sums& e = parts[a];
    for (std::size_t b = 1; b + 1 < s[1]; ++b)
      for (std::size_t c = 1; c + 1 < s[2]; ++c) {
        const std::size_t i = p.a.index(a, b, c);
        if (p.weight.voxels[i] <= 0.01f) continue;
        const double r = double(p.a.voxels[i]) - double(p.b.voxels[i]), far = r / spread, shrink = 1 / (1 + far * far);
        const double w = p.weight.voxels[i] * shrink * shrink;
        const Point at = p.a.grid.to_world({double(a), double(b), double(c)});
        const Point ga = gradient(p.a, i, mm), gb = gradient(p.b, i, mm);
        Vector j;
        for (int k = 0; k < n; ++k) {
          j[k] = dot(ga, da[k](at)) - dot(gb, db[k](at));
          for (int l = 0; l <= k; ++l) e.normal[k][l] += w * j[k] * j[l];
          e.right[k] += w * j[k] * r;
        }
        e.weight += p.weight.voxels[i];
        e.squares += p.weight.voxels[i] * shrink * r * r;
      }
  });
  Sums sum;
  for (const auto& e : parts) {
    for (int k = 0; k < n; ++k) {
      for (int l = 0; l <= k; ++l) sum.normal[k][l] += e.normal[k][l];
      sum.right[k] += e.right[k];
    }
    sum.weight += e.weight;
    sum.squares += e.squares;
  }
  return sum;
}

double farthest(const Vector& step, int n) {
  double out = 0;
  for (int k = 0; k < n; ++k) out = std::max(out, std::abs(step[k]) * (k < 3 ? 1 : kRadiusMm));
  return out;
}

double correlation(const Pair& p) {
  double w = 0, a = 0, b = 0, aa = 0, bb = 0, ab = 0;
  for (std::size_t i = 0; i < p.a.size(); ++i) {
    const double u = p.weight.voxels[i], x = p.a.voxels[i], y = p.b.voxels[i];
    w += u, a += u * x, b += u * y, aa += u * x * x, bb += u * y * y, ab += u * x * y;
  }
  if (!(w > 0)) return 0;
  return (ab - a * b / w) / std::sqrt(std::max(1e-12, (aa - a * a / w) * (bb - b * b / w)));
}

double dice(const Volume<float>& a, const Volume<float>& b) {
  double both = 0, sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    both += std::min(a.voxels[i], b.voxels[i]);
    sum += a.voxels[i] + b.voxels[i];
  }
  return sum > 0 ? 2 * both / sum : 0;
}

/// Steps on one level until they are small; how many, or nothing if they stay large.
std::optional<int> settle(const Side& a, const Side& b, const Grid& grid, int n, int threads, Generator& motion) {
  const double mm = spacing(grid.to_world)[0];
  double spread = std::numeric_limits<double>::infinity();
  Volume<float> shade;
  for (int i = 1; i <= kMostIterations; ++i) {
    Pair p = sample(a, b, motion, grid, threads);
    if (i <= 2) shade = log_gain(p.a, p.b, p.weight, kShadeMm, threads);
    harmonise(p.a, p.b, shade, threads);
    Sums e = equations(p, derivatives(a, motion), derivatives(b, motion), n, spread, threads);
    Vector step = e.right;
    if (!(e.weight > 0) || !solve(e.normal, step, std::size_t(n))) return std::nullopt;
    for (int k = 0; k < n; ++k) motion[k] -= step[k];
    spread = 2.5 * std::sqrt(e.squares / e.weight) + 1e-6;
    if (i > 2 && farthest(step, n) < kSettledMm * mm) return i;
  }
  return std::nullopt;
}

template <class Interpolate>
Volume<float> sample_with(const Grid& from, const Grid& target, const Affine& to_world, int threads,
                          const Interpolate& value) {
  Volume<float> out(target);
  const auto back = inverse(from.to_world);
  if (!back) return out;
  const Affine map = *back * to_world * target.to_world;
  each_slice(target.shape[0], threads, [&](std::size_t a) {
    for (std::size_t b = 0; b < target.shape[1]; ++b)
      for (std::size_t c = 0; c < target.shape[2]; ++c) out(a, b, c) = value(map({double(a), double(b), double(c)}));
  });
  return out;
}

}  // namespace

Volume<float> sample_linear(const Volume<float>& v, const Grid& target, const Affine& to_world_of_v, int threads) {
  return sample_with(v.grid, target, to_world_of_v, threads, [&](const Point& p) { return linear(v, p); });
}

Volume<float> sample_cubic(const Volume<float>& v, const Grid& target, const Affine& to_world_of_v, int threads) {
  const Spline spline(v, threads);
  return sample_with(v.grid, target, to_world_of_v, threads, spline);
}

Result<Registration> register_halfway(const Subject& a, const Subject& b, Freedom freedom, int threads) {
  const Extent ea = TRY(extent_of(a)), eb = TRY(extent_of(b));
  Registration out;
  out.centre_a = ea.centre;
  out.centre_b = eb.centre;
  for (const double mm : {8.0, 4.0, 2.0, 1.0}) {
    const Side sa = prepare(a, ea, -1, mm, threads), sb = prepare(b, eb, 1, mm, threads);
    // Scale and shear wait until the heads lie on each other.
    const int n = mm > 4 ? 6 : int(freedom);
    const Grid grid = middle_grid(ea, eb, mm);
    const auto took = settle(sa, sb, grid, n, threads, out.motion);
    out.middle = grid;
    out.to_a = sa.to_world(out.motion);
    out.to_b = sb.to_world(out.motion);
    out.iterations += took.value_or(kMostIterations);
    if (mm > 1) continue;
    Pair p = sample(sa, sb, out.motion, grid, threads);
    harmonise(p.a, p.b, log_gain(p.a, p.b, p.weight, kShadeMm, threads), threads);
    out.correlation = correlation(p);
    out.overlap =
        dice(sample_linear(sa.brain, grid, out.to_a, threads), sample_linear(sb.brain, grid, out.to_b, threads));
    if (!took)
      return fail(
          Code::unsupported,
          "the two heads do not come together: after {} steps they still move, and the brains correlate by {:.2f}",
          kMostIterations, out.correlation);
  }
  const auto& m = out.motion;
  out.rotation_deg = length({m[3], m[4], m[5]}) * 180 / std::numbers::pi;
  out.volume_ratio = std::exp(m[6] + m[7] + m[8]);
  for (int d = 0; d < 3; ++d) out.translation_mm += std::pow(eb.centre[d] + m[d] - ea.centre[d], 2);
  out.translation_mm = std::sqrt(out.translation_mm);
  if (out.overlap < kLeastOverlap)
    return fail(Code::unsupported, "the two brains do not cover each other: overlap {:.2f}, correlation {:.2f}",
                out.overlap, out.correlation);
  return out;
}

}  // namespace larmor::imaging

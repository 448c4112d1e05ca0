#include "imaging/deformation.h"

#include <algorithm>
#include <cmath>

#include "imaging/harmonise.h"
#include "imaging/morphology.h"
#include "imaging/parallel.h"
#include "imaging/registration.h"
#include "imaging/smooth.h"
#include "imaging/spline.h"

namespace larmor::imaging {
namespace {

struct Level {
  double mm;
  int steps;
};
constexpr std::array kLevels = {Level{4, 8}, Level{2, 8}, Level{1, 6}};
constexpr double kWindow = 2;      // voxels: the Gaussian in which one displacement explains the brightness
constexpr float kFaint = 2e-4f;    // squared slope per mm below which the old displacement stays
constexpr float kOutlier = 0.15f;  // residual, of white matter's brightness, that counts a quarter
constexpr double kEven = 0.4;      // voxels: smoothing of the whole displacement after each step
constexpr double kShadeMm = 5;     // a shade as short as this is no displacement

Grid coarser(const Grid& g, double mm) {
  Grid out;
  for (int d = 0; d < 3; ++d) {
    const double old = g.to_world.rows[d][d];
    out.shape[d] = std::size_t(std::ceil(double(g.shape[d]) * old / mm));
    out.to_world.rows[d][d] = mm;
    out.to_world.rows[d][3] =
        g.to_world.rows[d][3] + old * (double(g.shape[d]) - 1) / 2 - mm * (double(out.shape[d]) - 1) / 2;
  }
  return out;
}

Point slope(const Volume<float>& v, std::size_t i, const std::array<std::size_t, 3>& stride, double mm) {
  Point g;
  for (int d = 0; d < 3; ++d) g[d] = double(v.voxels[i + stride[d]] - v.voxels[i - stride[d]]) / (2 * mm);
  return g;
}

/// Mean slope of the two, and how much the voxel counts, from the warped pictures.
struct Look {
  std::array<float, 3> slope;
  float weight, residual;
};

Look look(const Volume<float>& a, const Volume<float>& b, const Volume<float>& weight, std::size_t i,
          const std::array<std::size_t, 3>& stride, double mm) {
  const float r = a.voxels[i] - b.voxels[i], far = r / kOutlier, shrink = 1 / (1 + far * far);
  const Point ga = slope(a, i, stride, mm), gb = slope(b, i, stride, mm);
  return {{float(ga[0] + gb[0]) / 2, float(ga[1] + gb[1]) / 2, float(ga[2] + gb[2]) / 2},
          weight.voxels[i] * shrink * shrink,
          r};
}

using Tensor = std::array<Volume<float>, 6>;  ///< xx yy zz xy xz yz

template <class Each>
void each_inner_voxel(const Volume<float>& v, int threads, const Each& each) {
  const auto [na, nb, nc] = v.shape();
  each_slice(na - 2, threads, [&, nb = nb, nc = nc](std::size_t before) {
    for (std::size_t y = 1; y + 1 < nb; ++y)
      for (std::size_t z = 1; z + 1 < nc; ++z) each(v.index(before + 1, y, z));
  });
}

/// How well each direction is determined, in windows.
void tensor(const Volume<float>& a, const Volume<float>& b, const Volume<float>& weight, Tensor& out, int threads) {
  const std::array<std::size_t, 3> stride{a.shape()[1] * a.shape()[2], a.shape()[2], 1};
  each_inner_voxel(a, threads, [&](std::size_t i) {
    const Look l = look(a, b, weight, i, stride, a.grid.to_world.rows[0][0]);
    for (int d = 0; d < 3; ++d) out[d].voxels[i] = l.weight * l.slope[d] * l.slope[d];
    out[3].voxels[i] = l.weight * l.slope[0] * l.slope[1];
    out[4].voxels[i] = l.weight * l.slope[0] * l.slope[2];
    out[5].voxels[i] = l.weight * l.slope[1] * l.slope[2];
  });
  for (auto& v : out) smooth(v, kWindow, threads);
}

/// Where the residual pulls, in windows.
void pull(const Volume<float>& a, const Volume<float>& b, const Volume<float>& weight, Shift& out, int threads) {
  const std::array<std::size_t, 3> stride{a.shape()[1] * a.shape()[2], a.shape()[2], 1};
  each_inner_voxel(a, threads, [&](std::size_t i) {
    const Look l = look(a, b, weight, i, stride, a.grid.to_world.rows[0][0]);
    for (int d = 0; d < 3; ++d) out[d].voxels[i] = l.weight * l.slope[d] * l.residual;
  });
  for (auto& v : out) smooth(v, kWindow, threads);
}

/// (T + faint) step = right, in every voxel.
void solve(const Tensor& t, const Shift& right, Shift& shift, int threads) {
  const std::size_t sheet = t[0].shape()[1] * t[0].shape()[2];
  each_slice(t[0].shape()[0], threads, [&](std::size_t slice) {
    for (std::size_t i = slice * sheet; i < (slice + 1) * sheet; ++i) {
      const auto v = [&](int k) { return t[k].voxels[i]; };
      const float xx = v(0) + kFaint, yy = v(1) + kFaint, zz = v(2) + kFaint, xy = v(3), xz = v(4), yz = v(5);
      const float ax = yy * zz - yz * yz, ay = xz * yz - xy * zz, az = xy * yz - xz * yy;
      const float det = xx * ax + xy * ay + xz * az;
      const float bx = right[0].voxels[i], by = right[1].voxels[i], bz = right[2].voxels[i];
      shift[0].voxels[i] += (ax * bx + ay * by + az * bz) / det;
      shift[1].voxels[i] += (ay * bx + (xx * zz - xz * xz) * by + (xy * xz - xx * yz) * bz) / det;
      shift[2].voxels[i] += (az * bx + (xy * xz - xx * yz) * by + (xx * yy - xy * xy) * bz) / det;
    }
  });
}

Volume<float> at_level(const Volume<float>& v, const Grid& grid, double mm, int threads) {
  Volume<float> fine = v;
  if (mm > 1.5) smooth(fine, 0.5 * mm, threads);
  return sample_linear(fine, grid, {}, threads);
}

/// What `value(place in voxels)` says at m + factor * shift.
template <class Value>
Volume<float> moved(const Shift& shift, float factor, int threads, const Value& value) {
  Volume<float> out(shift[0].grid);
  const double mm = out.grid.to_world.rows[0][0];
  each_slice(out.shape()[0], threads, [&](std::size_t a) {
    for (std::size_t b = 0; b < out.shape()[1]; ++b)
      for (std::size_t c = 0; c < out.shape()[2]; ++c) {
        const std::size_t i = out.index(a, b, c);
        const auto to = [&](std::size_t at, int d) { return double(at) + double(factor * shift[d].voxels[i]) / mm; };
        out.voxels[i] = value(i, Point{to(a, 0), to(b, 1), to(c, 2)});
      }
  });
  return out;
}

/// The picture where `near` holds: not trilinear, which moves fine detail by less than it is asked to.
Volume<float> moved(const Spline& picture, const Mask& near, const Shift& shift, float factor, int threads) {
  return moved(shift, factor, threads,
               [&](std::size_t i, const Point& at) { return near.voxels[i] ? picture(at) : 0.0f; });
}

}  // namespace

Volume<float> warp(const Volume<float>& v, const Shift& shift, float factor, int threads) {
  return moved(shift, factor, threads, [&](std::size_t, const Point& at) { return linear(v, at); });
}

Volume<float> jacobian(const Shift& shift, float factor, int threads) {
  const Grid& grid = shift[0].grid;
  Volume<float> out(grid, 1.0f);
  const auto [na, nb, nc] = grid.shape;
  const std::array<std::size_t, 3> stride{nb * nc, nc, 1};
  const double mm = grid.to_world.rows[0][0];
  each_slice(na - 2, threads, [&, nb = nb, nc = nc](std::size_t before) {
    for (std::size_t b = 1; b + 1 < nb; ++b)
      for (std::size_t c = 1; c + 1 < nc; ++c) {
        const std::size_t i = out.index(before + 1, b, c);
        Affine j;
        for (int d = 0; d < 3; ++d) {
          const Point g = slope(shift[d], i, stride, mm);
          for (int e = 0; e < 3; ++e) j.rows[d][e] += double(factor) * g[e];
        }
        out.voxels[i] = float(j.determinant());
      }
  });
  return out;
}

Shift shift_between(const Volume<float>& a, const Volume<float>& b, const Volume<float>& weight, int threads) {
  Shift shift;
  for (const Level level : kLevels) {
    const Grid grid = level.mm == 1 ? a.grid : coarser(a.grid, level.mm);
    for (auto& s : shift) s = s.size() == 0 ? Volume<float>(grid) : sample_linear(s, grid, {}, threads);
    const auto here_a = at_level(a, grid, level.mm, threads), here_b = at_level(b, grid, level.mm, threads),
               here_weight = at_level(weight, grid, level.mm, threads);
    const Spline spline_a(here_a, threads), spline_b(here_b, threads);
    const Mask near = dilate(mask_where(here_weight, [](float w) { return w > 0; }), 1);  // slopes reach one voxel
    Tensor t;
    t.fill(Volume<float>(grid));
    Shift right;
    right.fill(Volume<float>(grid));
    for (int i = 0; i < level.steps; ++i) {
      auto now_a = moved(spline_a, near, shift, -0.5f, threads), now_b = moved(spline_b, near, shift, 0.5f, threads);
      harmonise(now_a, now_b, log_gain(now_a, now_b, here_weight, kShadeMm, threads), threads);
      if (i == 0 || i == 2) tensor(now_a, now_b, here_weight, t, threads);
      pull(now_a, now_b, here_weight, right, threads);
      solve(t, right, shift, threads);
      for (auto& s : shift) smooth(s, kEven, threads);
    }
  }
  return shift;
}

}  // namespace larmor::imaging

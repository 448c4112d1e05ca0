#include "imaging/shrinkage.h"

#include <cmath>

#include "imaging/parallel.h"
#include "imaging/spline.h"

namespace larmor::imaging {
namespace {

constexpr std::size_t kCell = 2;  // voxels
constexpr float kStiffness = 60;  // of the tissue's volume, against roughness 1
constexpr int kMostSteps = 600;
constexpr double kEnough = 1e-3;  // residual of the first one

using Field = std::array<Volume<float>, 3>;

/// Cells with one empty layer around. Face i of axis d lies between cell i - 1 and cell i.
struct Cells {
  Grid grid;
  Volume<float> stiff;  ///< tissue's share times kStiffness
  std::array<Mask, 3> free;
  std::array<std::size_t, 3> stride;
};

Cells make_cells(const Mask& tissue, const Mask& skull) {
  Cells out;
  for (int d = 0; d < 3; ++d) out.grid.shape[d] = (tissue.shape()[d] + kCell - 1) / kCell + 2;
  out.stride = {out.grid.shape[1] * out.grid.shape[2], out.grid.shape[2], 1};
  out.stiff = Volume<float>(out.grid);
  Volume<float> within(out.grid);
  for (std::size_t a = 0; a < tissue.shape()[0]; ++a)
    for (std::size_t b = 0; b < tissue.shape()[1]; ++b)
      for (std::size_t c = 0; c < tissue.shape()[2]; ++c) {
        const std::size_t i = out.stiff.index(a / kCell + 1, b / kCell + 1, c / kCell + 1);
        out.stiff.voxels[i] += tissue(a, b, c) ? kStiffness / (kCell * kCell * kCell) : 0;
        within.voxels[i] += skull(a, b, c) ? 1 : 0;
      }
  constexpr float half = kCell * kCell * kCell / 2.0f;
  for (int d = 0; d < 3; ++d) {
    out.free[d] = Mask(out.grid);
    for (std::size_t i = out.stride[d]; i < within.size(); ++i)
      out.free[d].voxels[i] = within.voxels[i] > half && within.voxels[i - out.stride[d]] > half;
  }
  return out;
}

/// pressure = stiffness * (divergence of u, or 1 where there is no u); out = its gradient, and u's own roughness.
void apply(const Cells& cells, const Field* u, Field& out, Volume<float>& pressure, int threads) {
  const auto& s = cells.grid.shape;
  const std::size_t sheet = s[1] * s[2];
  each_slice(s[0] - 2, threads, [&](std::size_t before) {
    for (std::size_t i = (before + 1) * sheet; i < (before + 2) * sheet; ++i) {
      float div = 1;
      if (u) {
        div = 0;
        for (int d = 0; d < 3; ++d) div += (*u)[d].voxels[i + cells.stride[d]] - (*u)[d].voxels[i];
      }
      pressure.voxels[i] = cells.stiff.voxels[i] * div;
    }
  });
  each_slice(s[0] - 2, threads, [&](std::size_t before) {
    for (int d = 0; d < 3; ++d)
      for (std::size_t i = (before + 1) * sheet; i < (before + 2) * sheet; ++i) {
        if (!cells.free[d].voxels[i]) continue;
        float v = pressure.voxels[i - cells.stride[d]] - pressure.voxels[i];
        if (u) {
          const float* p = (*u)[d].voxels.data() + i;
          v += 6 * p[0];
          for (const std::size_t step : cells.stride) v -= p[step] + *(p - step);
        }
        out[d].voxels[i] = v;
      }
  });
}

double product(const Field& a, const Field& b) {
  double sum = 0;
  for (int d = 0; d < 3; ++d)
    for (std::size_t i = 0; i < a[d].size(); ++i) sum += double(a[d].voxels[i]) * double(b[d].voxels[i]);
  return sum;
}

/// to = to * keep + from * add
void blend(Field& to, float keep, const Field& from, float add, int threads) {
  each_slice(3, threads, [&](std::size_t d) {
    for (std::size_t i = 0; i < to[d].size(); ++i) to[d].voxels[i] = to[d].voxels[i] * keep + from[d].voxels[i] * add;
  });
}

Field solve(const Cells& cells, int threads) {
  const Volume<float> empty(cells.grid);
  Field x{empty, empty, empty}, r = x, q = x;
  Volume<float> pressure(cells.grid);
  apply(cells, nullptr, r, pressure, threads);
  Field p = r;
  double rr = product(r, r);
  const double goal = rr * kEnough * kEnough;
  for (int i = 0; i < kMostSteps && rr > goal; ++i) {
    apply(cells, &p, q, pressure, threads);
    const double step = rr / product(p, q);
    blend(x, 1, p, float(step), threads);
    blend(r, 1, q, float(-step), threads);
    const double next = product(r, r);
    blend(p, float(next / rr), r, 1, threads);
    rr = next;
  }
  return x;
}

}  // namespace

Shrinkage::Shrinkage(const Mask& tissue, const Mask& skull, int threads)
    : shift_(solve(make_cells(tissue, skull), threads)) {
  for (auto& component : shift_)
    for (auto& v : component.voxels) v *= kCell;
}

Shrinkage::Motion Shrinkage::motion(const Point& at, bool with_slope) const {
  Motion out;
  for (int d = 0; d < 3; ++d) {
    const auto& v = shift_[d];
    std::array<std::array<float, 4>, 3> w, slope;
    std::array<std::size_t, 3> low;
    bool inside = true;
    for (int e = 0; e < 3; ++e) {
      // Faces lie half a cell before the centres; the empty layer is one cell.
      const double x = (at[e] + (e == d ? 0.5 : -0.5)) / kCell + 1;
      const double floor = std::floor(x);
      inside = inside && floor >= 1 && floor + 2 < double(v.shape()[e]);
      if (!inside) break;
      low[e] = std::size_t(floor) - 1;
      w[e] = cubic_weights(float(x - floor));
      slope[e] = cubic_slopes(float(x - floor));
    }
    if (!inside) continue;
    for (std::size_t a = 0; a < 4; ++a)
      for (std::size_t b = 0; b < 4; ++b) {
        const float* p = &v(low[0] + a, low[1] + b, low[2]);
        float value = 0, along = 0;
        for (std::size_t c = 0; c < 4; ++c) {
          value += w[2][c] * p[c];
          along += slope[2][c] * p[c];
        }
        out.shift[d] += double(w[0][a] * w[1][b] * value);
        if (!with_slope) continue;
        out.slope[d][0] += double(slope[0][a] * w[1][b] * value) / kCell;
        out.slope[d][1] += double(w[0][a] * slope[1][b] * value) / kCell;
        out.slope[d][2] += double(w[0][a] * w[1][b] * along) / kCell;
      }
  }
  return out;
}

Point Shrinkage::before(const Point& at) const {
  const Point shift = motion(at, false).shift;
  return {at[0] + amount_ * shift[0], at[1] + amount_ * shift[1], at[2] + amount_ * shift[2]};
}

Point Shrinkage::after(const Point& at) const {
  Point now = at;
  for (int i = 0; i < 30; ++i) {
    const Point was = before(now);
    double off = 0;
    for (int d = 0; d < 3; ++d) {
      now[d] += at[d] - was[d];
      off += std::abs(at[d] - was[d]);
    }
    if (off < 1e-6) break;
  }
  return now;
}

double Shrinkage::growth(const Point& at) const {
  const Motion m = motion(after(at), true);
  Affine j;
  for (int r = 0; r < 3; ++r)
    for (int c = 0; c < 3; ++c) j.rows[r][c] += amount_ * m.slope[r][c];
  return 1 / j.determinant();
}

}  // namespace larmor::imaging

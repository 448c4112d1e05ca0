#include "imaging/resample.h"

#include <algorithm>
#include <cmath>

namespace larmor::imaging {
namespace {

/// Which image axis serves each world axis, and whether it runs the other way.
struct Axes {
  std::array<int, 3> from{0, 1, 2};
  std::array<bool, 3> reversed{};
};

/// The assignment with the largest sum of cosines: unlike a greedy choice, it stays right at 45 degrees.
Axes nearest_axes(const Affine& a) {
  const auto s = spacing(a);
  std::array<int, 3> order{0, 1, 2};
  Axes best;
  double best_sum = -1;
  do {
    double sum = 0;
    for (int w = 0; w < 3; ++w) sum += std::abs(a.rows[w][order[w]]) / s[order[w]];
    if (sum > best_sum + 1e-9) {
      best_sum = sum;
      best.from = order;
    }
  } while (std::next_permutation(order.begin(), order.end()));
  for (int w = 0; w < 3; ++w) best.reversed[w] = a.rows[w][best.from[w]] < 0;
  return best;
}

/// One output sample along an axis: a weighted sum of `weights.size()` input samples from `first` on.
struct Tap {
  std::size_t first = 0;
  std::vector<float> weights;
};

std::vector<Tap> triangle_taps(std::size_t from, std::size_t to, double step) {
  std::vector<Tap> taps(to);
  const double support = std::max(1.0, step);
  for (std::size_t o = 0; o < to; ++o) {
    const double x = (double(o) - (double(to) - 1) / 2) * step + (double(from) - 1) / 2;
    const auto clamp = [&](double v) { return std::size_t(std::clamp(v, 0.0, double(from - 1))); };
    const std::size_t lo = clamp(std::ceil(x - support)), hi = clamp(std::floor(x + support));
    taps[o].first = lo;
    double sum = 0;
    for (std::size_t i = lo; i <= hi; ++i) {
      const double w = std::max(0.0, 1 - std::abs(double(i) - x) / support);
      taps[o].weights.push_back(float(w));
      sum += w;
    }
    // Outside the image (half a voxel at most) the border goes on.
    if (sum <= 0) taps[o].weights.assign(1, 1.0f), taps[o].first = x < 0 ? 0 : from - 1, sum = 1;
    for (auto& w : taps[o].weights) w = float(w / sum);
  }
  return taps;
}

/// `data` as outer x length x inner: the middle index is resampled.
std::vector<float> along(const std::vector<float>& data, std::size_t outer, std::size_t length, std::size_t inner,
                         const std::vector<Tap>& taps) {
  std::vector<float> out(outer * taps.size() * inner, 0.0f);
  for (std::size_t u = 0; u < outer; ++u) {
    for (std::size_t o = 0; o < taps.size(); ++o) {
      float* to = out.data() + (u * taps.size() + o) * inner;
      for (std::size_t t = 0; t < taps[o].weights.size(); ++t) {
        const float w = taps[o].weights[t];
        const float* from = data.data() + (u * length + taps[o].first + t) * inner;
        for (std::size_t i = 0; i < inner; ++i) to[i] += w * from[i];
      }
    }
  }
  return out;
}

template <class T>
Volume<T> pick_nearest(const Volume<T>& source, const Grid& target, T outside) {
  Volume<T> out(target, outside);
  const auto back = inverse(source.grid.to_world);
  if (!back) return out;
  const Affine map = *back * target.to_world;
  const auto& s = source.shape();
  std::size_t at = 0;
  for (std::size_t a = 0; a < target.shape[0]; ++a) {
    for (std::size_t b = 0; b < target.shape[1]; ++b) {
      const Point start = map({double(a), double(b), 0});
      for (std::size_t c = 0; c < target.shape[2]; ++c, ++at) {
        std::array<std::ptrdiff_t, 3> i;
        bool inside = true;
        for (int d = 0; d < 3; ++d) {
          const double x = start[d] + map.rows[d][2] * double(c) + 0.5;
          i[d] = std::ptrdiff_t(std::floor(x));
          inside = inside && x >= 0 && i[d] < std::ptrdiff_t(s[d]);
        }
        if (inside) out.voxels[at] = source(i[0], i[1], i[2]);
      }
    }
  }
  return out;
}

template <class T>
Volume<T> cropped(const Volume<T>& v, const Box& box) {
  Grid grid = v.grid;
  for (int d = 0; d < 3; ++d) grid.shape[d] = box.high[d] - box.low[d];
  grid.to_world.set_column(3, v.grid.to_world({double(box.low[0]), double(box.low[1]), double(box.low[2])}));
  Volume<T> out(grid);
  for (std::size_t a = 0; a < grid.shape[0]; ++a)
    for (std::size_t b = 0; b < grid.shape[1]; ++b)
      std::copy_n(&v(box.low[0] + a, box.low[1] + b, box.low[2]), grid.shape[2], &out(a, b, 0));
  return out;
}

}  // namespace

Grid canonical(const Grid& grid, double mm, double tolerance) {
  const Axes axes = nearest_axes(grid.to_world);
  const Point old = spacing(grid.to_world);
  Grid out;
  Point centre;
  for (int i = 0; i < 3; ++i) centre[i] = (double(grid.shape[i]) - 1) / 2;
  Point origin = grid.to_world(centre);
  for (int w = 0; w < 3; ++w) {
    const int from = axes.from[w];
    const bool keep = std::abs(old[from] - mm) <= tolerance * mm;
    const double step = keep ? old[from] : mm;
    const double n =
        keep ? double(grid.shape[from]) : std::max(1.0, std::round(double(grid.shape[from]) * old[from] / mm));
    out.shape[w] = std::size_t(n);
    Point direction = grid.to_world.column(from);
    for (auto& v : direction) v *= (axes.reversed[w] ? -1 : 1) * step / old[from];
    out.to_world.set_column(w, direction);
    for (int d = 0; d < 3; ++d) origin[d] -= direction[d] * (n - 1) / 2;
  }
  out.to_world.set_column(3, origin);
  return out;
}

Volume<float> to_canonical(const Volume<float>& image, const Grid& target) {
  const Axes axes = nearest_axes(image.grid.to_world);
  const Point old = spacing(image.grid.to_world), fresh = spacing(target.to_world);
  Shape shape = image.shape();
  const std::vector<float>* data = &image.voxels;
  std::vector<float> held;
  for (int w = 0; w < 3; ++w) {
    const int axis = axes.from[w];
    if (shape[axis] == target.shape[w] && std::abs(old[axis] - fresh[w]) < 1e-9) continue;
    std::size_t outer = 1, inner = 1;
    for (int d = 0; d < axis; ++d) outer *= shape[d];
    for (int d = axis + 1; d < 3; ++d) inner *= shape[d];
    held = along(*data, outer, shape[axis], inner, triangle_taps(shape[axis], target.shape[w], fresh[w] / old[axis]));
    shape[axis] = target.shape[w];
    data = &held;
  }

  // Reorder and turn. Blocks of the first index keep both sides in the cache whichever order the source has.
  const std::array<std::ptrdiff_t, 3> stride{std::ptrdiff_t(shape[1] * shape[2]), std::ptrdiff_t(shape[2]), 1};
  std::array<std::ptrdiff_t, 3> step;
  std::ptrdiff_t start = 0;
  for (int w = 0; w < 3; ++w) {
    step[w] = axes.reversed[w] ? -stride[axes.from[w]] : stride[axes.from[w]];
    if (axes.reversed[w]) start += stride[axes.from[w]] * std::ptrdiff_t(shape[axes.from[w]] - 1);
  }
  Volume<float> out(target);
  constexpr std::size_t block = 16;
  for (std::size_t a0 = 0; a0 < target.shape[0]; a0 += block) {
    const std::size_t a1 = std::min(a0 + block, target.shape[0]);
    for (std::size_t b = 0; b < target.shape[1]; ++b)
      for (std::size_t c = 0; c < target.shape[2]; ++c)
        for (std::size_t a = a0; a < a1; ++a)
          out(a, b, c) =
              (*data)[start + step[0] * std::ptrdiff_t(a) + step[1] * std::ptrdiff_t(b) + step[2] * std::ptrdiff_t(c)];
  }
  return out;
}

Volume<std::uint8_t> nearest(const Volume<std::uint8_t>& v, const Grid& target, std::uint8_t outside) {
  return pick_nearest(v, target, outside);
}
Volume<float> nearest(const Volume<float>& v, const Grid& target, float outside) {
  return pick_nearest(v, target, outside);
}

Box grown(const Box& box, std::size_t by, const Shape& shape) {
  Box out;
  for (int d = 0; d < 3; ++d) {
    out.low[d] = box.low[d] - std::min(box.low[d], by);
    out.high[d] = std::min(box.high[d] + by, shape[d]);
  }
  return out;
}

Volume<float> crop(const Volume<float>& v, const Box& box) {
  return cropped(v, box);
}
Volume<std::uint8_t> crop(const Volume<std::uint8_t>& v, const Box& box) {
  return cropped(v, box);
}

void paste(const Volume<std::uint8_t>& part, const Box& box, Volume<std::uint8_t>& whole) {
  for (std::size_t a = 0; a < part.shape()[0]; ++a)
    for (std::size_t b = 0; b < part.shape()[1]; ++b)
      std::copy_n(&part(a, b, 0), part.shape()[2], &whole(box.low[0] + a, box.low[1] + b, box.low[2]));
}

}  // namespace larmor::imaging

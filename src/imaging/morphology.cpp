#include "imaging/morphology.h"

#include <algorithm>
#include <numeric>

namespace larmor::imaging {
namespace {

/// out = op(m, m shifted by one along `axis`, both ways); beyond the border there is `border`.
template <class Op>
Mask with_neighbours(const Mask& m, int axis, std::uint8_t border, Op op) {
  Mask out(m.grid);
  std::size_t outer = 1, inner = 1;
  for (int d = 0; d < axis; ++d) outer *= m.shape()[d];
  for (int d = axis + 1; d < 3; ++d) inner *= m.shape()[d];
  const std::size_t n = m.shape()[axis];
  const std::vector<std::uint8_t> edge(inner, border);
  for (std::size_t u = 0; u < outer; ++u) {
    for (std::size_t i = 0; i < n; ++i) {
      const std::uint8_t* here = m.voxels.data() + (u * n + i) * inner;
      const std::uint8_t* before = i == 0 ? edge.data() : here - inner;
      const std::uint8_t* after = i + 1 == n ? edge.data() : here + inner;
      std::uint8_t* to = out.voxels.data() + (u * n + i) * inner;
      for (std::size_t k = 0; k < inner; ++k) to[k] = op(here[k], before[k], after[k]);
    }
  }
  return out;
}

template <class Op, class Join>
Mask step(const Mask& m, std::uint8_t border, bool through_edges, Op op, Join join) {
  Mask x = with_neighbours(m, 0, border, op), y = with_neighbours(m, 1, border, op),
       z = with_neighbours(m, 2, border, op);
  if (through_edges) {  // the three squares: each pair of axes together
    Mask xy = with_neighbours(x, 1, border, op), yz = with_neighbours(y, 2, border, op);
    x = with_neighbours(x, 2, border, op);
    y = std::move(xy);
    z = std::move(yz);
  }
  for (std::size_t i = 0; i < x.size(); ++i) x.voxels[i] = join(join(x.voxels[i], y.voxels[i]), z.voxels[i]);
  return x;
}

constexpr auto kAnd = [](std::uint8_t a, std::uint8_t b) -> std::uint8_t { return a & b; };
constexpr auto kOr = [](std::uint8_t a, std::uint8_t b) -> std::uint8_t { return a | b; };

Mask dilate_once(const Mask& m, bool through_edges) {
  return step(
      m, 0, through_edges, [](std::uint8_t a, std::uint8_t b, std::uint8_t c) -> std::uint8_t { return a | b | c; },
      kOr);
}

std::uint32_t root(std::vector<std::uint32_t>& parent, std::uint32_t i) {
  while (parent[i] != i) i = parent[i] = parent[parent[i]];
  return i;
}

}  // namespace

Pieces pieces(const Mask& m) {
  Pieces out{Volume<std::uint32_t>(m.grid), {}};
  auto& number = out.number.voxels;
  std::vector<std::uint32_t> parent{0};
  const auto [na, nb, nc] = m.shape();
  std::size_t i = 0;
  for (std::size_t a = 0; a < na; ++a) {
    for (std::size_t b = 0; b < nb; ++b) {
      for (std::size_t c = 0; c < nc; ++c, ++i) {
        if (!m.voxels[i]) continue;
        std::uint32_t found = 0;
        const auto meet = [&](std::size_t neighbour) {
          if (!number[neighbour]) return;
          const auto r = root(parent, number[neighbour]);
          if (found && r != found) parent[std::max(r, found)] = std::min(r, found);
          found = found ? std::min(r, found) : r;
        };
        if (c) meet(i - 1);
        if (b) meet(i - nc);
        if (a) meet(i - nb * nc);
        if (!found) {
          found = std::uint32_t(parent.size());
          parent.push_back(found);
        }
        number[i] = found;
      }
    }
  }
  std::vector<std::uint32_t> final_number(parent.size(), 0);
  std::uint32_t next = 1;
  for (std::uint32_t k = 1; k < parent.size(); ++k)
    final_number[k] = root(parent, k) == k ? next++ : final_number[root(parent, k)];
  out.sizes.assign(next, 0);
  for (auto& n : number) ++out.sizes[n = final_number[n]];
  return out;
}

Mask largest_piece(const Mask& m) {
  const Pieces p = pieces(m);
  Mask out(m.grid);
  if (p.sizes.size() < 2) return out;
  const auto best = std::uint32_t(std::max_element(p.sizes.begin() + 1, p.sizes.end()) - p.sizes.begin());
  for (std::size_t i = 0; i < m.size(); ++i) out.voxels[i] = p.number.voxels[i] == best;
  return out;
}

Mask erode(const Mask& m, int steps) {
  Mask out = m;
  for (int i = 0; i < steps; ++i)
    out = step(
        out, 0, i % 2 == 1, [](std::uint8_t a, std::uint8_t b, std::uint8_t c) -> std::uint8_t { return a & b & c; },
        kAnd);
  return out;
}

Mask dilate(const Mask& m, int steps) {
  Mask out = m;
  for (int i = 0; i < steps; ++i) out = dilate_once(out, i % 2 == 1);
  return out;
}

Mask grow_within(const Mask& seed, const Mask& within, int steps) {
  Mask out = seed;
  for (int s = 0; s < steps; ++s) {
    out = dilate_once(out, s % 2 == 1);
    for (std::size_t i = 0; i < out.size(); ++i) out.voxels[i] &= within.voxels[i];
  }
  return out;
}

Mask fill_holes(const Mask& m) {
  Mask outside = m;
  for (auto& v : outside.voxels) v = !v;
  const Pieces p = pieces(outside);
  std::vector<bool> reached(p.sizes.size(), false);
  const auto [na, nb, nc] = m.shape();
  for (std::size_t a = 0; a < na; ++a)
    for (std::size_t b = 0; b < nb; ++b)
      for (std::size_t c = 0; c < nc; ++c) {
        const bool border = a == 0 || b == 0 || c == 0 || a + 1 == na || b + 1 == nb || c + 1 == nc;
        if (border) reached[p.number(a, b, c)] = true;
      }
  reached[0] = false;
  Mask out(m.grid);
  for (std::size_t i = 0; i < m.size(); ++i) out.voxels[i] = m.voxels[i] || !reached[p.number.voxels[i]];
  return out;
}

std::size_t count(const Mask& m) {
  return std::accumulate(m.voxels.begin(), m.voxels.end(), std::size_t{0});
}

Box bounds(const Mask& m) {
  Box box{m.shape(), {}};
  bool any = false;
  std::size_t i = 0;
  for (std::size_t a = 0; a < m.shape()[0]; ++a)
    for (std::size_t b = 0; b < m.shape()[1]; ++b)
      for (std::size_t c = 0; c < m.shape()[2]; ++c, ++i) {
        if (!m.voxels[i]) continue;
        any = true;
        const Shape at{a, b, c};
        for (int d = 0; d < 3; ++d) {
          box.low[d] = std::min(box.low[d], at[d]);
          box.high[d] = std::max(box.high[d], at[d] + 1);
        }
      }
  return any ? box : Box{};
}

}  // namespace larmor::imaging

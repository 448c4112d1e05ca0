#include "imaging/morphology.h"

#include <algorithm>
#include <numeric>

namespace larmor::imaging {
namespace {

/// A mask with 64 voxels of the last index in a word: a step over a head takes a millisecond or two.
class Bits {
 public:
  using Word = std::uint64_t;

  explicit Bits(const Mask& m) : shape_(m.shape()), width_((shape_[2] + 63) / 64) {
    words_.resize(shape_[0] * shape_[1] * width_);
    for (std::size_t row = 0; row < shape_[0] * shape_[1]; ++row)
      for (std::size_t c = 0; c < shape_[2]; ++c)
        words_[row * width_ + c / 64] |= Word{m.voxels[row * shape_[2] + c]} << c % 64;
  }
  Mask mask(const Grid& grid) const {
    Mask m(grid);
    for (std::size_t row = 0; row < shape_[0] * shape_[1]; ++row)
      for (std::size_t c = 0; c < shape_[2]; ++c)
        m.voxels[row * shape_[2] + c] = words_[row * width_ + c / 64] >> c % 64 & 1;
    return m;
  }
  void invert() {
    for (auto& w : words_) w = ~w;
  }
  void keep_within(const Bits& other) {
    for (std::size_t i = 0; i < words_.size(); ++i) words_[i] &= other.words_[i];
  }

  /// Each voxel that is set sets its neighbours, by faces or also through edges; `outside`: whether what lies beyond
  /// the border is set.
  void dilate(bool through_edges, bool outside) {
    const Word beyond = outside ? ~Word{0} : 0;
    if (const auto rest = shape_[2] % 64; rest != 0)
      for (std::size_t i = width_ - 1; i < words_.size(); i += width_)
        words_[i] = (words_[i] & ((Word{1} << rest) - 1)) | (beyond << rest);
    const std::vector<Word> edge(width_, beyond), before = words_;
    const auto row = [&](std::size_t a, std::size_t b) {  // the index before 0 is a very large one
      return a < shape_[0] && b < shape_[1] ? &before[(a * shape_[1] + b) * width_] : edge.data();
    };
    std::vector<Word> faces(width_), flat(width_);
    for (std::size_t a = 0; a < shape_[0]; ++a)
      for (std::size_t b = 0; b < shape_[1]; ++b) {
        const Word *here = row(a, b), *up = row(a - 1, b), *down = row(a + 1, b), *left = row(a, b - 1),
                   *right = row(a, b + 1);
        // What the last index spreads over, and what is set as it is.
        for (std::size_t i = 0; i < width_; ++i) {
          faces[i] = here[i] | (through_edges ? up[i] | down[i] | left[i] | right[i] : 0);
          flat[i] = up[i] | down[i] | left[i] | right[i];
        }
        if (through_edges) {
          const Word *p = row(a - 1, b - 1), *q = row(a - 1, b + 1), *r = row(a + 1, b - 1), *s = row(a + 1, b + 1);
          for (std::size_t i = 0; i < width_; ++i) flat[i] |= p[i] | q[i] | r[i] | s[i];
        }
        Word* to = &words_[(a * shape_[1] + b) * width_];
        for (std::size_t i = 0; i < width_; ++i) {
          const Word previous = i == 0 ? beyond : faces[i - 1], next = i + 1 == width_ ? beyond : faces[i + 1];
          to[i] = flat[i] | faces[i] | faces[i] << 1 | previous >> 63 | faces[i] >> 1 | next << 63;
        }
      }
  }

 private:
  Shape shape_;
  std::size_t width_;
  std::vector<Word> words_;
};

/// Steps alternate, so that a ball stays round.
bool through_edges(int step) {
  return step % 2 == 1;
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
  Bits bits(m);
  bits.invert();
  for (int i = 0; i < steps; ++i) bits.dilate(through_edges(i), true);
  bits.invert();
  return bits.mask(m.grid);
}

Mask dilate(const Mask& m, int steps) {
  Bits bits(m);
  for (int i = 0; i < steps; ++i) bits.dilate(through_edges(i), false);
  return bits.mask(m.grid);
}

Mask grow_within(const Mask& seed, const Mask& within, int steps) {
  Bits bits(seed);
  const Bits bounds(within);
  for (int i = 0; i < steps; ++i) {
    bits.dilate(through_edges(i), false);
    bits.keep_within(bounds);
  }
  return bits.mask(seed.grid);
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

int radius(const Mask& m, int most) {
  const auto holds = [&](int steps) { return count(erode(m, steps)) > 0; };
  // Most are thin: doubling first, then halving, takes few and short erosions.
  int low = 0, high = 4;
  while (high <= most && holds(high)) low = high, high *= 2;
  high = std::min(high, most + 1);
  while (high - low > 1) {
    const int middle = (low + high) / 2;
    (holds(middle) ? low : high) = middle;
  }
  return low;
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

#include "imaging/parallel.h"
#include "imaging/spline.h"
#include "services/processing/brain/change.h"

namespace larmor::processing::brain {
namespace {

using imaging::Point;

/// m + shift(m)/2 = there, for m by fixed point: each round leaves half of the displacement's slope, a tenth where the
/// volume changes by as much as a fifth.
constexpr int kRounds = 4;

/// Both in voxels of the halfway grid, which has 1 mm.
Point halfway_of(const imaging::Shift& shift, const Point& there) {
  Point m = there;
  for (int i = 0; i < kRounds; ++i) {
    const Point at = m;
    for (int d = 0; d < 3; ++d) m[d] = there[d] - double(imaging::linear(shift[d], at)) / 2;
  }
  return m;
}

bool inside(const imaging::Grid& grid, const Point& at) {
  for (int d = 0; d < 3; ++d)
    if (at[d] < 0 || at[d] > double(grid.shape[d]) - 1) return false;
  return true;
}

}  // namespace

imaging::Volume<float> change_map(const Change& change, const imaging::Grid& target, int threads) {
  imaging::Volume<float> out(target);
  const auto& half = change.local_percent.grid;
  const auto from_second = imaging::inverse(change.registration.to_b * half.to_world);
  if (!from_second) return out;
  const auto back = *from_second * target.to_world;
  imaging::each_slice(target.shape[0], threads, [&](std::size_t a) {
    for (std::size_t b = 0; b < target.shape[1]; ++b)
      for (std::size_t c = 0; c < target.shape[2]; ++c) {
        const Point there = back({double(a), double(b), double(c)});
        if (inside(half, there)) out(a, b, c) = imaging::linear(change.local_percent, halfway_of(change.shift, there));
      }
  });
  return out;
}

}  // namespace larmor::processing::brain

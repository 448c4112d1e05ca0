#include "imaging/deformation.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

namespace larmor::imaging {
namespace {

constexpr std::size_t kSize = 64;

/// Folds of 5 mm in every direction, `larger` times as large about the middle.
Volume<float> folds(double larger) {
  Volume<float> out(Grid{{kSize, kSize, kSize}, {}});
  const auto wave = [&](std::size_t i) {
    return std::sin(2 * std::numbers::pi * (double(i) - kSize / 2.0) / (5 * larger));
  };
  for (std::size_t a = 0; a < kSize; ++a)
    for (std::size_t b = 0; b < kSize; ++b)
      for (std::size_t c = 0; c < kSize; ++c) out(a, b, c) = float(0.75 + 0.08 * (wave(a) + wave(b) + wave(c)));
  return out;
}

/// Percent by which what lies well within the picture has grown, from `a` to `b`.
double growth(const Volume<float>& a, const Volume<float>& b) {
  const auto shift = shift_between(a, b, Volume<float>(a.grid, 1.0f), 2);
  const auto at_a = jacobian(shift, -0.5f, 2), at_b = jacobian(shift, 0.5f, 2);
  double first = 0, second = 0;
  for (std::size_t x = 16; x < kSize - 16; ++x)
    for (std::size_t y = 16; y < kSize - 16; ++y)
      for (std::size_t z = 16; z < kSize - 16; ++z) first += at_a(x, y, z), second += at_b(x, y, z);
  return 100 * (second / first - 1);
}

TEST(Shift, FindsTheGrowthOfFineFoldsThatMoveByATenthOfAVoxel) {
  for (const double percent : {-1.5, 0.0, 0.5}) {
    const double larger = std::cbrt(1 + percent / 100);
    EXPECT_NEAR(growth(folds(1), folds(larger)), percent, 0.04 * std::abs(percent) + 0.005);
  }
}

}  // namespace
}  // namespace larmor::imaging

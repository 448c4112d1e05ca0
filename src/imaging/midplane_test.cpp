#include "imaging/midplane.h"

#include <gtest/gtest.h>

#include <cmath>

namespace larmor::imaging {
namespace {

/// Two bodies on either side of a tilted plane; the left one may be smaller.
Mask twins(double at, double tilt_b, double tilt_c, double left_radius) {
  Mask m(Grid{{90, 80, 60}, {}});
  for (std::size_t a = 0; a < 90; ++a)
    for (std::size_t b = 0; b < 80; ++b)
      for (std::size_t c = 0; c < 60; ++c) {
        const double x = double(a) - at - tilt_b * (double(b) - 40) - tilt_c * (double(c) - 30);
        const double y = double(b) - 40, z = double(c) - 30;
        const double radius = x < 0 ? left_radius : 15;
        m(a, b, c) = std::hypot(std::abs(x) - 18, y * 0.6, z * 0.8) < radius;
      }
  return m;
}

TEST(Midplane, FindsATiltedPlane) {
  const auto plane = find_midplane(twins(43, 0.08, -0.06, 15));
  ASSERT_TRUE(plane);
  for (const double b : {20.0, 40.0, 60.0})
    for (const double c : {15.0, 30.0, 45.0}) {
      const double x = plane->at + plane->along_b * (b - plane->b0) + plane->along_c * (c - plane->c0);
      EXPECT_NEAR(x, 43 + 0.08 * (b - 40) - 0.06 * (c - 30), 1.0);
    }
}

TEST(Midplane, StaysInTheMiddleWhenOneSideIsSmaller) {
  const auto plane = find_midplane(twins(43, 0, 0, 11));
  ASSERT_TRUE(plane);
  EXPECT_NEAR(plane->at, 43, 2.5);
  EXPECT_FALSE(plane->is_right(25, 40, 30));
  EXPECT_TRUE(plane->is_right(61, 40, 30));
}

TEST(Midplane, IsTheSameEachTime) {
  const auto m = twins(44, 0.05, 0.02, 13);
  EXPECT_EQ(find_midplane(m)->at, find_midplane(m)->at);
}

TEST(Midplane, IsNotInventedWhereThereIsNoPair) {
  EXPECT_FALSE(find_midplane(Mask(Grid{{20, 20, 20}, {}})));
  Mask speck(Grid{{20, 20, 20}, {}});
  speck(3, 4, 5) = 1;
  EXPECT_FALSE(find_midplane(speck));
}

}  // namespace
}  // namespace larmor::imaging

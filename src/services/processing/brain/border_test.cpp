#include "services/processing/brain/border.h"

#include <gtest/gtest.h>

#include "imaging/morphology.h"

namespace larmor::processing::brain {
namespace {

enum : std::uint8_t { outside, cortex, ventricle, fluid };

Model small_model() {
  Model m;
  m.classes = {{0, 0}, {3, 42}, {4, 43}, {24, 24}};
  return m;
}

struct Head {
  imaging::Volume<std::uint8_t> classes;
  imaging::Volume<float> image;
};

/// A ball of fluid in a shell of cortex in fluid. The cortex ends at `edge` mm in the image, and at `drawn` mm in the
/// labels; a voxel's brightness is shared as the sphere cuts it, roughly.
Head head(double edge, double drawn, float grey, float dark) {
  constexpr std::size_t n = 48;
  constexpr double middle = 23.5, inner = 8;
  const imaging::Grid grid{{n, n, n}, {}};
  Head out{imaging::Volume<std::uint8_t>(grid), imaging::Volume<float>(grid)};
  for (std::size_t a = 0; a < n; ++a)
    for (std::size_t b = 0; b < n; ++b)
      for (std::size_t c = 0; c < n; ++c) {
        const double r = imaging::length({double(a) - middle, double(b) - middle, double(c) - middle});
        const float share = float(std::clamp(edge + 0.5 - r, 0.0, 1.0) * std::clamp(r - inner + 0.5, 0.0, 1.0));
        out.image(a, b, c) = dark + share * (grey - dark);
        out.classes(a, b, c) = r < inner ? ventricle : r < drawn ? cortex : fluid;
      }
  return out;
}

/// ml of cortex after the border has been settled.
double settled(Head h) {
  settle_border(h.classes, h.image, small_model(), 2);
  return double(imaging::count(imaging::mask_where(h.classes, [](auto c) { return c == cortex; }))) / 1000;
}

double shell_ml(double edge) {
  return 4.0 / 3 * M_PI * (edge * edge * edge - 8 * 8 * 8) / 1000;
}

/// Where 60 % of a voxel are cortex, of a sphere that ends at `edge`.
constexpr double begin_of(double edge) {
  return edge - 0.1;
}

TEST(Border, MovesOutToWhereTheBrightnessChanges) {
  EXPECT_NEAR(settled(head(18, 17.2, 0.7f, 0.25f)), shell_ml(begin_of(18)), 0.15);
}

TEST(Border, MovesInToWhereTheBrightnessChanges) {
  EXPECT_NEAR(settled(head(18, 18.2, 0.7f, 0.25f)), shell_ml(begin_of(18)), 0.25);
}

TEST(Border, StaysWhereMuchOfTheCortexWouldBeFluid) {
  EXPECT_NEAR(settled(head(16, 18, 0.7f, 0.25f)), shell_ml(18), 0.15);
}

TEST(Border, IsTheSameWhereFluidIsBrighterThanGrey) {
  EXPECT_DOUBLE_EQ(settled(head(18, 17.2, 0.4f, 1.0f)), settled(head(18, 17.2, 0.7f, 0.25f)));
}

TEST(Border, StaysWithoutContrast) {
  EXPECT_NEAR(settled(head(18, 17.2, 0.7f, 0.6f)), shell_ml(17.2), 0.15);
}

TEST(Border, StaysWhereTheVentriclesAreTooSmallToSayHowBrightFluidIs) {
  auto h = head(18, 17.2, 0.7f, 0.25f);
  std::replace(h.classes.voxels.begin(), h.classes.voxels.end(), std::uint8_t{ventricle}, std::uint8_t{fluid});
  const auto before = h.classes.voxels;
  settle_border(h.classes, h.image, small_model(), 2);
  EXPECT_EQ(h.classes.voxels, before);
}

TEST(Border, IsTheSameForEveryNumberOfThreads) {
  auto one = head(18, 17.2, 0.7f, 0.25f), many = one;
  settle_border(one.classes, one.image, small_model(), 1);
  settle_border(many.classes, many.image, small_model(), 5);
  EXPECT_EQ(one.classes.voxels, many.classes.voxels);
}

}  // namespace
}  // namespace larmor::processing::brain

#include "services/processing/brain/one_sided.h"

#include <gtest/gtest.h>

#include "services/processing/brain/phantom_testing.h"

namespace larmor::processing::brain {
namespace {

OneSided found_in(const Phantom& p) {
  return find_one_sided(p.image, p.ids, 1, 0.7);
}

TEST(OneSided, IsNothingInASymmetricHead) {
  EXPECT_LE(found_in(phantom()).mm, 3);
}

TEST(OneSided, IsAMassThatTheNetworkCalledWhiteMatter) {
  auto p = phantom();
  fill_ball(p.image, {72, 66, 62}, 9, 0.65f);
  const auto found = found_in(p);
  EXPECT_NEAR(found.mm, 17, 2);
  EXPECT_GT(found.ml, 1);
  EXPECT_LT(found.ml, 3.05) << "all of it, less its rim";
  EXPECT_NEAR(found.brightness, 0.65, 0.05);
  EXPECT_TRUE(found.right);
  EXPECT_EQ(found.label, "cerebral white matter");
}

TEST(OneSided, IsOnTheSideOfABrightMassThoughTheOtherSideIsTheDarkerOne) {
  auto p = phantom();
  fill_ball(p.image, {38, 66, 62}, 9, 1.6f);
  const auto found = found_in(p);
  EXPECT_GE(found.mm, 13);
  EXPECT_FALSE(found.right);
  EXPECT_NEAR(found.brightness, 1.6, 0.1);
}

TEST(OneSided, IsACavityByItsLabel) {
  auto p = phantom();
  fill_ball(p.image, {38, 66, 62}, 9, 0.25f);
  fill_ball(p.ids, {38, 66, 62}, 9, std::uint8_t{4});
  const auto found = found_in(p);
  EXPECT_NEAR(found.mm, 17, 2);
  EXPECT_FALSE(found.right);
  EXPECT_EQ(found.label, "lateral ventricle");
}

TEST(OneSided, IsNotABiasFieldFromLeftToRight) {
  auto p = phantom();
  for (std::size_t a = 0; a < 112; ++a)
    for (std::size_t b = 0; b < 112; ++b)
      for (std::size_t c = 0; c < 112; ++c) p.image(a, b, c) *= 0.95f + 0.1f * float(a) / 112;
  EXPECT_LE(found_in(p).mm, 5);
}

TEST(OneSided, IsNotLookedForWithoutAMidplane) {
  auto p = phantom();
  for (auto& id : p.ids.voxels)
    if (id == 10 || id == 49) id = 2;
  EXPECT_EQ(found_in(p).mm, 0);
}

}  // namespace
}  // namespace larmor::processing::brain

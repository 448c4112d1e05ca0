#include "services/processing/brain/measure.h"

#include <gtest/gtest.h>

#include <cmath>

#include "services/processing/brain/head.h"

namespace larmor::processing::brain {
namespace {

/// Classes: 0 background, 1 a paired deep structure, 2 brainstem, 3 fluid.
Model small_model() {
  Model m;
  m.classes = {{0, 0}, {10, 49}, {16, 16}, {24, 24}};
  m.plane_classes = {1};
  return m;
}

imaging::Volume<std::uint8_t> volume(imaging::Shape shape, double mm = 1) {
  imaging::Grid g{shape, {}};
  for (std::size_t d = 0; d < 3; ++d) g.to_world.rows[d][d] = mm;
  return imaging::Volume<std::uint8_t>(g);
}

void ball(imaging::Volume<std::uint8_t>& v, imaging::Point centre, double radius, std::uint8_t value) {
  for (std::size_t a = 0; a < v.shape()[0]; ++a)
    for (std::size_t b = 0; b < v.shape()[1]; ++b)
      for (std::size_t c = 0; c < v.shape()[2]; ++c)
        if (imaging::length({double(a) - centre[0], double(b) - centre[1], double(c) - centre[2]}) <= radius)
          v(a, b, c) = value;
}

TEST(Sides, FollowTheFirstIndexSoThatTheSmallerHalfKeepsItsSide) {
  auto classes = volume({80, 60, 60});
  ball(classes, {24, 30, 30}, 9, 1);   // small x: left
  ball(classes, {56, 30, 30}, 13, 1);  // right, larger
  const auto ids = give_sides(classes, small_model());
  ASSERT_TRUE(ids);
  EXPECT_EQ((*ids)(24, 30, 30), 10);
  EXPECT_EQ((*ids)(56, 30, 30), 49);
  const auto all = measure(*ids, *ids, small_model());
  ASSERT_EQ(all.size(), 4u);
  EXPECT_EQ(all[0].id, 10);
  EXPECT_NEAR(all[0].ml, 4.0 / 3 * M_PI * 0.729, 0.1);
  EXPECT_EQ(all[3].id, 49);
  EXPECT_NEAR(all[3].ml, 4.0 / 3 * M_PI * 2.197, 0.2);
}

TEST(Sides, AreNotGuessedWhereNoPairIs) {
  auto classes = volume({40, 40, 40});
  ball(classes, {20, 20, 20}, 3, 1);
  EXPECT_FALSE(give_sides(classes, small_model()));
}

TEST(Volumes, CountTheVoxelsTrueSize) {
  auto ids = volume({20, 20, 20}, 2);
  for (std::size_t i = 0; i < 125; ++i) ids.voxels[i] = 16;
  auto sure = ids;
  std::fill(sure.voxels.begin(), sure.voxels.end(), 204);
  const auto all = measure(ids, sure, small_model());
  EXPECT_DOUBLE_EQ(all[1].ml, 1.0);
  EXPECT_NEAR(all[1].confidence, 0.8, 1e-9);
  EXPECT_EQ(all[0].ml, 0);
  EXPECT_EQ(all[0].confidence, 0) << "no voxel, no confidence, and no division by zero";
}

TEST(IntracranialEstimate, ClosesSulciAndFillsVentriclesButAddsNoMargin) {
  auto ids = volume({70, 70, 70});
  ball(ids, {35, 35, 35}, 30, 16);
  ball(ids, {35, 35, 35}, 8, 0);  // a hole
  for (std::size_t c = 45; c < 70; ++c)
    for (std::size_t a = 33; a < 37; ++a) ids(a, 35, c) = 0;  // a sulcus
  const double whole = 4.0 / 3 * M_PI * 27;
  EXPECT_NEAR(intracranial_ml(ids), whole, 0.03 * whole);
  EXPECT_EQ(intracranial_ml(volume({5, 5, 5})), 0);
}

TEST(Cleaning, CutsOffTheEyeAndTheFluidThatLiesFarAway) {
  auto classes = volume({140, 60, 60});
  ball(classes, {40, 30, 30}, 24, 2);
  ball(classes, {110, 30, 30}, 11, 2);
  for (std::size_t a = 40; a < 110; ++a) classes(a, 30, 30) = classes(a, 31, 30) = 2;
  classes(110, 50, 50) = 3;
  classes(40, 57, 30) = 3;
  const double kept = clean(classes, small_model());
  EXPECT_EQ(classes(40, 30, 30), 2);
  EXPECT_EQ(classes(110, 30, 30), 0);
  EXPECT_EQ(classes(110, 50, 50), 0);
  EXPECT_EQ(classes(40, 57, 30), 3);
  EXPECT_GT(kept, 0.85);
  EXPECT_LT(kept, 0.95);
}

TEST(Cleaning, OfNothingKeepsNothing) {
  auto classes = volume({10, 10, 10});
  EXPECT_EQ(clean(classes, small_model()), 0);
  EXPECT_EQ(weigh(measure(classes, classes, small_model()), classes, 0).brain_ml, 0);
}

TEST(Head, IsTheLargestBodyWithAMarginAndWithoutTheNeck) {
  imaging::Volume<float> v(imaging::Grid{{120, 120, 300}, {}});
  for (std::size_t a = 20; a < 100; ++a)
    for (std::size_t b = 30; b < 90; ++b)
      for (std::size_t c = 0; c < 280; ++c) v(a, b, c) = 0.8f;
  v(2, 2, 290) = 3;  // a bright speck of noise
  const auto box = find_head(v, 0.05f);
  EXPECT_EQ(box.low, (imaging::Shape{16, 24, 284 - 208}));
  EXPECT_EQ(box.high, (imaging::Shape{104, 96, 284}));
  EXPECT_EQ(find_head(imaging::Volume<float>(v.grid), 0.05f), imaging::Box{});
}

}  // namespace
}  // namespace larmor::processing::brain

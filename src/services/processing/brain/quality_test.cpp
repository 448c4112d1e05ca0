#include "services/processing/brain/quality.h"

#include <gmock/gmock.h>

#include "services/processing/brain/phantom_testing.h"

namespace larmor::processing::brain {
namespace {

Quality quality_of(const Phantom& p) {
  return assess(p.image, {{0, 0, 0}, p.image.shape()}, p.ids, p.sure);
}

TEST(Ghosts, AreThrownByAHeadThatMovedAndNotByNoise) {
  const auto still = quality_of(phantom(0.01));
  ASSERT_TRUE(still.ghosts);
  EXPECT_LT(*still.ghosts, 0.002);
  auto moved = phantom(0.01);
  fidget(moved.image, 1);
  const auto q = quality_of(moved);
  ASSERT_TRUE(q.ghosts);
  EXPECT_GT(*q.ghosts, 0.007);
  EXPECT_EQ(q.ghosts_along, "front to back");
}

TEST(Ghosts, AreNotMeasuredWhereTheAirIsSetToZero) {
  auto p = phantom();
  for (auto& v : p.image.voxels)
    if (v < 0.04f) v = 0;
  EXPECT_FALSE(quality_of(p).ghosts);
}

TEST(Contrast, IsThatOfTheTissuesWhateverTheBiasField) {
  auto p = phantom();
  EXPECT_NEAR(*quality_of(p).contrast, 0.3, 0.01);
  for (std::size_t a = 0; a < 112; ++a)
    for (std::size_t b = 0; b < 112; ++b)
      for (std::size_t c = 0; c < 112; ++c) p.image(a, b, c) *= 0.6f + 0.8f * float(a) / 112;
  EXPECT_NEAR(*quality_of(p).contrast, 0.3, 0.05);
}

TEST(Contrast, IsNegativeWhereCortexIsTheBrighterOne) {
  auto p = phantom();
  for (auto& v : p.image.voxels) v = v > 0.1f ? 1.6f - v : v;
  EXPECT_LT(*quality_of(p).contrast, -0.3);
}

TEST(ContrastToNoise, FallsWithNoise) {
  EXPECT_GT(*quality_of(phantom(0.02)).contrast_to_noise, 8);
  EXPECT_LT(*quality_of(phantom(0.2)).contrast_to_noise, 1.3);
}

TEST(Cut, NamesTheEndAndTheShareOfTheOutline) {
  const auto whole = quality_of(phantom());
  EXPECT_LT(whole.cut, 0.09);
  auto p = phantom();
  for (std::size_t a = 0; a < 112; ++a)
    for (std::size_t b = 0; b < 112; ++b)
      for (std::size_t c = 75; c < 112; ++c) p.ids(a, b, c) = 0;
  const auto q = quality_of(p);
  // A ball of radius r that is cut at the height h: 1 - h^2 / r^2 of its outline.
  EXPECT_NEAR(q.cut, 1 - 19.0 * 19.0 / (33.0 * 33.0), 0.05);
  EXPECT_EQ(q.cut_at, "top");
}

TEST(Void, IsWhatMetalLeavesInTheHead) {
  EXPECT_LT(quality_of(phantom()).void_mm, 24);
  auto p = phantom();
  fill_ball(p.image, {55, 74, 55}, 18, 0.01f);
  fill_ball(p.ids, {55, 74, 55}, 18, std::uint8_t{0});
  EXPECT_NEAR(quality_of(p).void_mm, 36, 9);
}

TEST(BrightFluid, IsCountedAgainstWhiteMatter) {
  auto p = phantom();
  EXPECT_EQ(quality_of(p).bright_fluid, 0);
  for (std::size_t i = 0; i < p.ids.size(); ++i)
    if (p.ids.voxels[i] == 24) p.image.voxels[i] = 1.7f;
  EXPECT_EQ(quality_of(p).bright_fluid, 1);
}

TEST(Quality, OfNothingIsNothing) {
  auto p = phantom();
  std::fill(p.ids.voxels.begin(), p.ids.voxels.end(), std::uint8_t{0});
  const auto q = quality_of(p);
  EXPECT_FALSE(q.ghosts || q.contrast || q.contrast_to_noise);
  EXPECT_EQ(q.cut, 0);
}

TEST(Quality, IsWrittenWithNullForWhatCouldNotBeMeasured) {
  const auto j = to_json(Quality{});
  EXPECT_TRUE(j["ghosts"].is_null());
  EXPECT_FALSE(j.contains("second_look"));
  EXPECT_EQ(j["one_sided"]["mm"], 0);
}

}  // namespace
}  // namespace larmor::processing::brain

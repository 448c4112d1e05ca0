#include "imaging/intensity.h"

#include <gtest/gtest.h>

#include <limits>

namespace larmor::imaging {
namespace {

Volume<float> filled(std::initializer_list<float> values, std::size_t times) {
  Volume<float> v(Grid{{times, 1, values.size()}, {}});
  for (std::size_t i = 0; i < v.size(); ++i) v.voxels[i] = *(values.begin() + std::ptrdiff_t(i % values.size()));
  return v;
}

TEST(Normalise, MakesTheNinetiethPercentileOfTheBrightHalfOne) {
  Volume<float> v(Grid{{10, 10, 10}, {}});
  for (std::size_t i = 0; i < v.size(); ++i) v.voxels[i] = float(i);  // positive: 1..999, mean 500; above: 501..999
  ASSERT_TRUE(normalise(v));
  // 499 values; the one of rank floor(0.9 * 499) = 449 is 949.
  EXPECT_FLOAT_EQ(v.voxels[949], 1.0f);
  EXPECT_FLOAT_EQ(v.voxels[0], 0.0f);
}

TEST(Normalise, DropsWhatIsNegativeAndBoundsWhatIsBright) {
  auto v = filled({-50, 10, 20, 30, 100000}, 100);
  ASSERT_TRUE(normalise(v));
  EXPECT_EQ(*std::min_element(v.voxels.begin(), v.voxels.end()), 0.0f);
  EXPECT_LE(*std::max_element(v.voxels.begin(), v.voxels.end()), 3.0f);
}

TEST(Normalise, NeedsSomethingAboveZero) {
  auto v = filled({-1, 0}, 500);
  const auto done = normalise(v);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, Code::invalid);
}

TEST(Normalise, SurvivesAnImageOfOneBrightness) {
  auto v = filled({7}, 500);
  ASSERT_TRUE(normalise(v));
  EXPECT_FLOAT_EQ(v.voxels[3], 1.0f);
}

TEST(Intensities, ThatAreNoNumbersAreNamed) {
  for (const float bad : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(), -1e30f}) {
    auto v = filled({1, 2, 3}, 100);
    v.voxels[77] = bad;
    const auto checked = check_intensities(v);
    ASSERT_FALSE(checked);
    EXPECT_NE(checked.error().what.find("voxel 77"), std::string::npos) << checked.error().what;
  }
}

TEST(Intensities, OfAConstantImageAreRefused) {
  EXPECT_FALSE(check_intensities(filled({4}, 100)));
  EXPECT_FALSE(check_intensities(Volume<float>{}));
  EXPECT_EQ(check_intensities(filled({4, 5, 6}, 100))->distinct, 3u);
}

}  // namespace
}  // namespace larmor::imaging

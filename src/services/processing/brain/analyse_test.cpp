#include "services/processing/brain/analyse.h"

#include <gmock/gmock.h>

#include <cmath>
#include <limits>

namespace larmor::processing::brain {
namespace {

using testing::HasSubstr;

const Progress kQuiet = [](double, std::string_view) {};

imaging::Volume<float> cube(std::size_t side, double mm) {
  imaging::Grid g{{side, side, side}, {}};
  for (std::size_t d = 0; d < 3; ++d) g.to_world.rows[d][d] = mm;
  imaging::Volume<float> v(g);
  for (std::size_t i = 0; i < v.size(); ++i) v.voxels[i] = float(i % 977);
  return v;
}

/// Refused before anything costly happens: neither a network nor a runtime is there.
void expect_refused(const imaging::Volume<float>& v, std::string_view word) {
  const auto found = analyse(v, {"nowhere", "nowhere.so", 1}, kQuiet);
  ASSERT_FALSE(found);
  EXPECT_THAT(found.error().what, HasSubstr(std::string(word)));
  EXPECT_TRUE(found.error().code == Code::invalid || found.error().code == Code::unsupported);
}

TEST(Analyse, RefusesWhatIsNoPictureWithAClearWord) {
  auto v = cube(100, 1);
  v.voxels[12345] = std::numeric_limits<float>::quiet_NaN();
  expect_refused(v, "voxel 12345 of 1000000 is nan");
  v.voxels[12345] = std::numeric_limits<float>::infinity();
  expect_refused(v, "inf");
  v.voxels[12345] = 1e20f;
  expect_refused(v, "no intensity");
  std::fill(v.voxels.begin(), v.voxels.end(), 3.0f);
  expect_refused(v, "same intensity");
  for (std::size_t i = 0; i < v.size(); ++i) v.voxels[i] = float(i % 5);
  expect_refused(v, "mask or labels");
  expect_refused(imaging::Volume<float>{}, "no place in space");
}

TEST(Analyse, RefusesSpacesInWhichNoHeadFits) {
  expect_refused(cube(40, 1), "40 x 40 x 40 mm");
  expect_refused(cube(100, 10), "10 mm apart");
  expect_refused(cube(100, 0.01), "0.01 mm apart");
  expect_refused(cube(120, 7), "840 x 840 x 840 mm");
  expect_refused(cube(90, 7), "630 x 630 x 630 mm; at 1 mm that is more than the 100 million voxels");
  auto tilted = cube(100, 1);
  tilted.grid.to_world.rows[1][0] = 0.5;
  expect_refused(tilted, "not perpendicular");
  auto flat = cube(100, 1);
  flat.grid.to_world.rows[2][2] = 0;
  expect_refused(flat, "no place in space");
  auto nowhere = cube(100, 1);
  nowhere.grid.to_world.rows[0][3] = std::numeric_limits<double>::quiet_NaN();
  expect_refused(nowhere, "no place in space");
}

TEST(Analyse, SaysWhatIsMissingWhenTheNetworkIsAbsent) {
  const auto found = analyse(cube(100, 1), {"nowhere", "nowhere.so", 1}, kQuiet);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, Code::not_found) << "the study is not to blame";
  EXPECT_THAT(found.error().what, HasSubstr("manifest.json"));
}

}  // namespace
}  // namespace larmor::processing::brain

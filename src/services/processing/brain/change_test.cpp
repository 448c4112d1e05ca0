#include "services/processing/brain/change.h"

#include <gmock/gmock.h>

#include <cmath>

#include "imaging/simulate.h"
#include "services/processing/brain/testing/folded_head.h"

namespace larmor::processing::brain {
namespace {

using Head = testing::FoldedHead;

Head head(double fold = 6) {
  return testing::folded_head(fold);
}

Head visit(const Head& h, double percent, std::uint64_t seed) {
  auto v = imaging::simulate_visit(h.picture, h.labels,
                                   {.brain_change_percent = percent, .seed = seed, .move_mm = 0.4, .turn_deg = 0.4}, 2);
  EXPECT_TRUE(v);
  // The labels stay those of the first visit: no segmentation is exact.
  return {std::move(v->image), h.labels};
}

/// What the map shows at the place to which the second scan has moved what lies in that voxel of the halfway grid.
float shown_in_second(const Change& c, std::size_t i) {
  const auto& [na, nb, nc] = c.local_percent.shape();
  imaging::Point m{double(i / (nb * nc)), double(i / nc % nb), double(i % nc)};
  for (int d = 0; d < 3; ++d) m[d] += double(c.shift[d].voxels[i]) / 2;
  imaging::Grid there{{1, 1, 1}, {}};
  there.to_world.set_column(3, c.registration.to_b(c.local_percent.grid.to_world(m)));
  return change_map(c, there, 1).voxels[0];
}

TEST(Change, FindsASimulatedLossAndTheVentriclesGrowth) {
  const Head first = visit(head(), 0, 3), second = visit(head(), -2, 4);
  const auto change = measure_change(first.scan(), second.scan(), 2.0, 2);
  ASSERT_TRUE(change) << change.error().what;
  EXPECT_NEAR(change->structures[0].percent, -2.02, 0.4);
  EXPECT_GT(change->structures[1].percent, 1);
  const Json told = to_json(*change);
  EXPECT_NEAR(told["per_year_percent"].get<double>(), change->structures[0].percent / 2, 0.001);

  int seen = 0;
  for (std::size_t i = 0; i < change->local_percent.size(); i += 997) {
    if (change->local_percent.voxels[i] == 0) continue;
    EXPECT_NEAR(shown_in_second(*change, i), change->local_percent.voxels[i], 0.02) << i;
    ++seen;
  }
  EXPECT_GT(seen, 100) << "the map follows the displacement";
  const auto map = change_map(*change, second.picture.grid, 2);
  EXPECT_LT(map(20, 48, 40), 0) << "tissue";
  EXPECT_GT(map(39, 48, 42), 0) << "ventricle";
  EXPECT_EQ(map(1, 1, 1), 0) << "air";
}

TEST(Change, SwappingTheScansFlipsTheSignExactly) {
  const Head first = visit(head(), 0, 3), second = visit(head(), -1, 4);
  const auto there = measure_change(first.scan(), second.scan(), {}, 1);
  const auto back = measure_change(second.scan(), first.scan(), {}, 2);
  ASSERT_TRUE(there && back);
  for (std::size_t i = 0; i < there->structures.size(); ++i) {
    EXPECT_EQ(there->structures[i].percent, -back->structures[i].percent);
    EXPECT_EQ(there->structures[i].first_ml, back->structures[i].second_ml);
  }
  EXPECT_EQ(there->residual, back->residual);
  EXPECT_FALSE(to_json(*there).contains("per_year_percent"));
}

TEST(Change, RefusesTwoDifferentPeopleWithTheMeasuredReason) {
  const Head one = head(), other = head(3.1);
  imaging::Volume<float> noise = other.picture;
  for (std::size_t i = 0; i < noise.size(); ++i) noise.voxels[i] = 0.5f + 0.4f * float(std::sin(double(i * i % 9973)));
  const auto change = measure_change(one.scan(), {noise, other.labels}, {}, 2);
  ASSERT_FALSE(change);
  EXPECT_EQ(change.error().code, Code::unsupported);
}

}  // namespace
}  // namespace larmor::processing::brain

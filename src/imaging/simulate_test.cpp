#include "imaging/simulate.h"

#include <gtest/gtest.h>

#include <cmath>

#include "imaging/shrinkage.h"

namespace larmor::imaging {
namespace {

/// Fluid around tissue around a ventricle; tissue is bright.
struct Head {
  Volume<float> image;
  Volume<std::uint8_t> labels;
};

Head head() {
  Grid g{{72, 80, 76}, {}};
  Head out{Volume<float>(g), Volume<std::uint8_t>(g)};
  for (std::size_t a = 0; a < 72; ++a)
    for (std::size_t b = 0; b < 80; ++b)
      for (std::size_t c = 0; c < 76; ++c) {
        const double r = std::hypot(double(a) - 36, double(b) - 40, double(c) - 38);
        out.labels(a, b, c) = std::uint8_t(r < 9 ? 4 : r < 25 ? 2 : r < 30 ? 24 : 0);
        out.image(a, b, c) = float(20 + 80 / (1 + std::exp((r - 25) * 2)) - 80 / (1 + std::exp((r - 9) * 2)));
      }
  return out;
}

double change_of(const std::vector<StructureTruth>& truth, int id) {
  for (const auto& t : truth)
    if (t.id == id) return 100 * (t.after_ml / t.before_ml - 1);
  return 0;
}

TEST(Simulate, TheTruthIsWhatWasAskedForAndTheVentricleGrows) {
  const auto h = head();
  const auto shrunk = simulate_visit(h.image, h.labels, {.brain_change_percent = -2}, 2);
  ASSERT_TRUE(shrunk) << shrunk.error().what;
  EXPECT_NEAR(change_of(shrunk->structures, 2), -2, 0.01);
  EXPECT_GT(change_of(shrunk->structures, 4), 1);
}

TEST(Simulate, TheImageHoldsTheChangeThatTheTruthNames) {
  const auto h = head();
  const auto same = simulate_visit(h.image, h.labels, {0, 5, 0, 0, 0, 0}, 2);
  const auto shrunk = simulate_visit(h.image, h.labels, {-3, 5, 0, 0, 0, 0}, 2);
  ASSERT_TRUE(same && shrunk);
  const auto bright = [&](const Volume<float>& v) {
    double sum = 0;
    for (const float x : v.voxels) sum += (x - 20) / 80;
    return sum;
  };
  EXPECT_NEAR(100 * (bright(shrunk->image) / bright(same->image) - 1), -3, 0.15);
}

TEST(Simulate, NothingMovesOutsideOfTheSkull) {
  const auto h = head();
  Mask tissue(h.labels.grid), skull(h.labels.grid);
  for (std::size_t i = 0; i < tissue.size(); ++i) {
    tissue.voxels[i] = h.labels.voxels[i] == 2;
    skull.voxels[i] = h.labels.voxels[i] != 0;
  }
  Shrinkage change(tissue, skull, 2);
  change.set_amount(0.03);
  EXPECT_EQ(change.before({36, 40, 2}), (Point{36, 40, 2}));
  EXPECT_EQ(change.growth({36, 40, 2}), 1);
  const Point at{50, 40, 38}, there = change.before(change.after(at));
  for (int d = 0; d < 3; ++d) EXPECT_NEAR(there[d], at[d], 1e-5);
  EXPECT_GT(std::abs(change.before(at)[0] - at[0]), 0.05);
}

TEST(Simulate, TheSameSeedGivesTheSameBytes) {
  const auto h = head();
  const auto once = simulate_visit(h.image, h.labels, {.brain_change_percent = 1, .seed = 7}, 1);
  const auto twice = simulate_visit(h.image, h.labels, {.brain_change_percent = 1, .seed = 7}, 2);
  const auto other = simulate_visit(h.image, h.labels, {.brain_change_percent = 1, .seed = 8}, 2);
  ASSERT_TRUE(once && twice && other);
  EXPECT_EQ(once->image.voxels, twice->image.voxels);
  EXPECT_NE(once->image.voxels, other->image.voxels);
  EXPECT_EQ(once->motion, twice->motion);
}

TEST(Simulate, RefusesWhatItCannotDo) {
  const auto h = head();
  EXPECT_FALSE(simulate_visit(h.image, h.labels, {.brain_change_percent = -40}, 1));
  EXPECT_FALSE(simulate_visit(h.image, Volume<std::uint8_t>(h.labels.grid), {.brain_change_percent = -1}, 1));
}

}  // namespace
}  // namespace larmor::imaging

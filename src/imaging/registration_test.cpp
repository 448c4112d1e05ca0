#include "imaging/registration.h"

#include <gtest/gtest.h>

#include <cmath>

namespace larmor::imaging {
namespace {

/// A body with detail inside and nothing symmetrical about it, seen through `from_body`.
float body(const Point& p) {
  const double r = std::sqrt(p[0] * p[0] / (45 * 45) + p[1] * p[1] / (55 * 55) + p[2] * p[2] / (40 * 40));
  const double edge = 1 / (1 + std::exp((r - 1) * 25));
  return float(edge * (60 + 15 * std::sin(p[0] / 5 + p[1] / 17) + 12 * std::sin(p[1] / 4.5 + p[2] / 13) +
                       12 * std::cos(p[2] / 5.5 - p[0] / 11)));
}

struct Scan {
  Volume<float> image, brain;
  Subject subject() const { return {image, brain}; }
};

Scan scan(const Affine& world_to_body, double gain = 1) {
  Grid g{{120, 140, 110}, {}};
  for (int d = 0; d < 3; ++d) g.to_world.rows[d][3] = -double(g.shape[d]) / 2;
  Scan out{Volume<float>(g), Volume<float>(g)};
  for (std::size_t a = 0; a < g.shape[0]; ++a)
    for (std::size_t b = 0; b < g.shape[1]; ++b)
      for (std::size_t c = 0; c < g.shape[2]; ++c) {
        const Point p = world_to_body(g.to_world({double(a), double(b), double(c)}));
        out.image(a, b, c) = float(gain * (1 + 0.001 * double(a))) * body(p);
        out.brain(a, b, c) = p[0] * p[0] / (48 * 48) + p[1] * p[1] / (58 * 58) + p[2] * p[2] / (43 * 43) < 1;
      }
  return out;
}

double worst_mm(const Registration& r, const Affine& a_to_body, const Affine& b_to_body) {
  double worst = 0;
  for (const Point& p : {Point{0, 0, 0}, Point{40, 0, 0}, Point{0, 50, 0}, Point{0, 0, -35}}) {
    const Point x = a_to_body(r.to_a(p)), y = b_to_body(r.to_b(p));
    worst = std::max(worst, length({x[0] - y[0], x[1] - y[1], x[2] - y[2]}));
  }
  return worst;
}

TEST(Registration, FindsAKnownMotionToAHundredthOfAMillimetre) {
  const Affine still, moved = exponential({3.3, -4.1, 2.7, 0.12, -0.05, 0.08});
  const auto a = scan(still), b = scan(moved, 1.7);
  const auto found = register_halfway(a.subject(), b.subject(), Freedom::rigid, 2);
  ASSERT_TRUE(found) << found.error().what;
  EXPECT_LT(worst_mm(*found, still, moved), 0.02);
  EXPECT_GT(found->correlation, 0.995);
  EXPECT_GT(found->overlap, 0.98);
  EXPECT_NEAR(found->rotation_deg, std::sqrt(0.12 * 0.12 + 0.05 * 0.05 + 0.08 * 0.08) * 180 / 3.14159265, 0.1);
}

TEST(Registration, FindsAScannersScaleWhereItIsAskedTo) {
  const Affine still, grown = exponential({1, 0, 0, 0.03, 0, 0, 0.01, -0.005, 0.012});
  const auto a = scan(still), b = scan(grown);
  const auto found = register_halfway(a.subject(), b.subject(), Freedom::scaled, 2);
  ASSERT_TRUE(found) << found.error().what;
  EXPECT_LT(worst_mm(*found, still, grown), 0.03);
  EXPECT_NEAR(found->volume_ratio, std::exp(-0.017), 0.001);
}

TEST(Registration, SwappedGivesExactlyTheInverse) {
  const auto a = scan({}), b = scan(exponential({2, 1, -3, 0.05, 0.02, -0.04}), 0.8);
  const auto there = register_halfway(a.subject(), b.subject(), Freedom::affine, 1);
  const auto back = register_halfway(b.subject(), a.subject(), Freedom::affine, 2);
  ASSERT_TRUE(there && back);
  for (std::size_t i = 0; i < there->motion.size(); ++i) EXPECT_EQ(there->motion[i], -back->motion[i]) << i;
  EXPECT_EQ(there->to_a, back->to_b);
  EXPECT_EQ(there->to_b, back->to_a);
  EXPECT_EQ(there->correlation, back->correlation);
}

TEST(Registration, RefusesWhatHasNoBrain) {
  const auto a = scan({});
  const Scan empty{a.image, Volume<float>(a.image.grid)};
  const auto found = register_halfway(a.subject(), empty.subject(), Freedom::rigid, 2);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, Code::invalid);
}

TEST(Exponential, HalvesAndUndoes) {
  const Generator g{3, -2, 5, 0.3, -0.2, 0.4, 0.02, -0.01, 0.03, 0.01, 0.02, -0.02};
  const Affine whole = exponential(g), half = exponential(g, 0.5), none = exponential(g, -1) * whole;
  const Affine twice = half * half;
  for (int r = 0; r < 3; ++r)
    for (int c = 0; c < 4; ++c) {
      EXPECT_NEAR(twice.rows[r][c], whole.rows[r][c], 1e-12);
      EXPECT_NEAR(none.rows[r][c], r == c, 1e-12);
    }
}

}  // namespace
}  // namespace larmor::imaging

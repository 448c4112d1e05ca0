#include "imaging/atlas_match.h"

#include <gtest/gtest.h>

#include <cmath>

namespace larmor::imaging {
namespace {

/// Labels of a body with two deep halves, a hind part and a wavy rim, as seen through `to_body`.
constexpr std::uint8_t kLeftRim = 1, kRightRim = 2, kLeftCore = 3, kRightCore = 4, kLeftDeep = 5, kRightDeep = 6,
                       kBack = 7;
Tissues tissues() {
  Tissues t{};
  t[kLeftRim] = kCortex | kLeftHalf, t[kRightRim] = kCortex;
  t[kLeftCore] = kWhiteMatter | kLeftHalf, t[kRightCore] = kWhiteMatter;
  t[kLeftDeep] = kDeepGrey | kLeftHalf, t[kRightDeep] = kDeepGrey;
  t[kBack] = kHindBrain;
  return t;
}

std::uint8_t body(const Point& p) {
  const auto ball = [&](double x, double y, double z, double r) {
    return std::hypot(p[0] - x, p[1] - y, p[2] - z) < r;
  };
  const bool left = p[0] < 0;
  if (ball(0, -45, -40, 20)) return kBack;
  if (ball(-18, 5, 0, 10) || ball(18, 5, 0, 10)) return left ? kLeftDeep : kRightDeep;
  const double wave = 4 * std::sin(p[1] / 7) * std::cos(p[2] / 9);
  const double r = std::sqrt(p[0] * p[0] / 0.7 + p[1] * p[1] + p[2] * p[2] / 0.8);
  if (r < 58 + wave) return left ? kLeftCore : kRightCore;
  if (r < 70) return left ? kLeftRim : kRightRim;
  return 0;
}

template <class ToBody>
Volume<std::uint8_t> labels(const ToBody& to_body, double mm) {
  Grid g;
  for (int d = 0; d < 3; ++d) {
    g.shape[d] = std::size_t(170 / mm);
    g.to_world.rows[d][d] = mm;
    g.to_world.rows[d][3] = -85;
  }
  Volume<std::uint8_t> out(g);
  for (std::size_t a = 0; a < g.shape[0]; ++a)
    for (std::size_t b = 0; b < g.shape[1]; ++b)
      for (std::size_t c = 0; c < g.shape[2]; ++c)
        out(a, b, c) = body(to_body(g.to_world({double(a), double(b), double(c)})));
  return out;
}

/// The farthest that `match` is from `truth`, in mm, over places in the rim.
template <class Truth>
double worst_mm(const AtlasMatch& match, const Truth& truth) {
  double worst = 0;
  for (const Point& p : {Point{-40, 0, 10}, Point{40, 10, 0}, Point{5, 58, 5}, Point{-5, -50, 10}, Point{20, 0, 50}}) {
    const Point x = match(p), y = truth(p);
    worst = std::max(worst, std::hypot(x[0] - y[0], x[1] - y[1], x[2] - y[2]));
  }
  return worst;
}

const auto kSame = [](const Point& p) { return p; };

TEST(AtlasMatch, FindsATiltedHeadOfAnotherSize) {
  const Affine turned{{{{1.1, 0.25, -0.05, 4}, {-0.22, 0.95, 0.3, -6}, {0.1, -0.28, 1.0, 8}}}};
  const auto match = match_atlas(labels(turned, 1), labels(kSame, 2), tissues(), 2);
  ASSERT_TRUE(match) << match.error().what;
  EXPECT_LT(worst_mm(*match, turned), 1.5);
}

TEST(AtlasMatch, FollowsAHeadThatBulgesOnOneSide) {
  const auto bulge = [](const Point& p) {
    const double near = std::exp(-std::pow(std::hypot(p[0] - 40, p[1] - 10, p[2]) / 30, 2));
    return Point{p[0] - 7 * near, p[1], p[2]};
  };
  const auto match = match_atlas(labels(bulge, 1), labels(kSame, 2), tissues(), 2);
  ASSERT_TRUE(match) << match.error().what;
  EXPECT_LT(worst_mm(*match, bulge), 2);
}

TEST(AtlasMatch, IsTheSameForEveryNumberOfThreads) {
  const Affine moved{{{{1, 0.1, 0, 3}, {-0.1, 1, 0, 0}, {0, 0, 0.95, 2}}}};
  const auto head = labels(moved, 1), atlas = labels(kSame, 2);
  const auto one = match_atlas(head, atlas, tissues(), 1), three = match_atlas(head, atlas, tissues(), 3);
  ASSERT_TRUE(one && three);
  for (double x = -60; x <= 60; x += 15) EXPECT_EQ((*one)({x, -x / 2, x / 3}), (*three)({x, -x / 2, x / 3}));
}

TEST(AtlasMatch, SaysWhatIsMissing) {
  auto half = labels(kSame, 1);
  for (auto& v : half.voxels)
    if (v == kLeftDeep) v = 0;
  const auto match = match_atlas(half, labels(kSame, 2), tissues(), 2);
  ASSERT_FALSE(match);
  EXPECT_EQ(match.error().code, Code::unsupported);
  EXPECT_NE(match.error().what.find("both sides"), std::string::npos);
  EXPECT_FALSE(match_atlas(Volume<std::uint8_t>(Grid{{20, 20, 20}, {}}), half, tissues(), 2));
}

}  // namespace
}  // namespace larmor::imaging

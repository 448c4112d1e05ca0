#include "imaging/morphology.h"

#include <gtest/gtest.h>

namespace larmor::imaging {
namespace {

Mask ball(Shape shape, Point centre, double radius) {
  Mask m(Grid{shape, {}});
  for (std::size_t a = 0; a < shape[0]; ++a)
    for (std::size_t b = 0; b < shape[1]; ++b)
      for (std::size_t c = 0; c < shape[2]; ++c)
        m(a, b, c) = length({double(a) - centre[0], double(b) - centre[1], double(c) - centre[2]}) <= radius;
  return m;
}

Mask both(Mask a, const Mask& b) {
  for (std::size_t i = 0; i < a.size(); ++i) a.voxels[i] |= b.voxels[i];
  return a;
}

TEST(Pieces, TouchOnlyThroughFaces) {
  Mask m(Grid{{4, 4, 4}, {}});
  m(0, 0, 0) = m(0, 1, 1) = 1;  // share an edge
  m(3, 3, 3) = m(3, 3, 2) = 1;  // share a face
  const auto p = pieces(m);
  EXPECT_EQ(p.sizes, (std::vector<std::size_t>{60, 1, 1, 2}));
}

TEST(Pieces, FindOneWhenArmsMeetLate) {
  // A U in the first plane, closed in the second: two numbers that turn out to be one piece.
  Mask m(Grid{{2, 3, 3}, {}});
  for (std::size_t b = 0; b < 3; ++b) m(0, b, 0) = m(0, b, 2) = 1;
  for (std::size_t c = 0; c < 3; ++c) m(1, 2, c) = 1;
  EXPECT_EQ(pieces(m).sizes.size(), 2u);
}

TEST(LargestPiece, IsTheFirstOfEquals) {
  Mask m(Grid{{3, 3, 3}, {}});
  m(0, 0, 0) = m(2, 2, 2) = 1;
  const auto l = largest_piece(m);
  EXPECT_EQ(l(0, 0, 0), 1);
  EXPECT_EQ(l(2, 2, 2), 0);
  EXPECT_EQ(count(largest_piece(Mask(Grid{{2, 2, 2}, {}}))), 0u);
}

TEST(Erosion, CutsAThinBridgeThatGrowingBackDoesNotRestore) {
  const Shape shape{60, 30, 30};
  const auto brain = ball(shape, {15, 15, 15}, 11), eye = ball(shape, {47, 15, 15}, 8);
  Mask all = both(brain, eye);
  for (std::size_t a = 20; a < 45; ++a) all(a, 15, 15) = all(a, 16, 15) = 1;
  EXPECT_EQ(pieces(all).sizes.size(), 2u);
  const auto kept = grow_within(largest_piece(erode(all, 2)), all, 6);
  EXPECT_EQ(kept(47, 15, 15), 0);
  for (std::size_t i = 0; i < brain.size(); ++i) {
    if (brain.voxels[i]) {
      ASSERT_EQ(kept.voxels[i], 1);
    }
  }
}

/// Neighbours by faces in every first step, by faces and edges in every second.
Mask plainly(const Mask& m, int steps, bool grow) {
  Mask out = m;
  for (int step = 0; step < steps; ++step) {
    const Mask before = out;
    const auto at = [&](std::int64_t a, std::int64_t b, std::int64_t c) {
      const auto [na, nb, nc] = m.shape();
      const bool inside =
          a >= 0 && b >= 0 && c >= 0 && a < std::int64_t(na) && b < std::int64_t(nb) && c < std::int64_t(nc);
      return inside && before(std::size_t(a), std::size_t(b), std::size_t(c));
    };
    std::size_t i = 0;
    for (std::int64_t a = 0; a < std::int64_t(m.shape()[0]); ++a)
      for (std::int64_t b = 0; b < std::int64_t(m.shape()[1]); ++b)
        for (std::int64_t c = 0; c < std::int64_t(m.shape()[2]); ++c, ++i)
          for (int n = 0; n < 27; ++n) {
            const int da = n / 9 - 1, db = n / 3 % 3 - 1, dc = n % 3 - 1;
            if (da * da + db * db + dc * dc > (step % 2 == 1 ? 2 : 1)) continue;
            if (at(a + da, b + db, c + dc) == grow) out.voxels[i] = grow;
          }
  }
  return out;
}

TEST(Dilation, AndErosionTakeEveryNeighbourAlsoAcrossWordsAndAtTheBorder) {
  for (const std::size_t long_side : {5, 64, 67, 130}) {
    Mask m(Grid{{6, 7, long_side}, {}});
    for (std::size_t i = 0; i < m.size(); i += 1 + i % 13) m.voxels[i] = 1;
    Mask full(m.grid, 1);
    full(3, 3, long_side / 2) = full(0, 0, 0) = 0;
    for (int steps = 0; steps < 4; ++steps) {
      EXPECT_EQ(dilate(m, steps).voxels, plainly(m, steps, true).voxels) << long_side << " " << steps;
      EXPECT_EQ(erode(m, steps).voxels, plainly(m, steps, false).voxels) << long_side << " " << steps;
      EXPECT_EQ(erode(full, steps).voxels, plainly(full, steps, false).voxels) << long_side << " " << steps;
    }
  }
}

TEST(DilationThenErosion, GivesAConvexBodyBack) {
  const auto b = ball({40, 40, 40}, {20, 20, 20}, 9);
  const auto closed = erode(dilate(b, 4), 4);
  EXPECT_NEAR(double(count(closed)), double(count(b)), 0.05 * double(count(b)));
  for (std::size_t i = 0; i < b.size(); ++i) ASSERT_GE(closed.voxels[i], b.voxels[i]);
}

TEST(Holes, AreFilledOnlyWhenClosedOnAllSides) {
  Mask m(Grid{{5, 5, 5}, {}}, 1);
  m(2, 2, 2) = 0;
  EXPECT_EQ(count(fill_holes(m)), 125u);
  m(2, 2, 3) = m(2, 2, 4) = 0;  // a way out
  EXPECT_EQ(count(fill_holes(m)), 122u);
}

TEST(Radius, IsThatOfTheLargestBallWithin) {
  auto two = ball({60, 60, 60}, {15, 15, 15}, 5);
  const auto large = ball({60, 60, 60}, {40, 40, 40}, 11);
  for (std::size_t i = 0; i < two.size(); ++i) two.voxels[i] |= large.voxels[i];
  EXPECT_NEAR(radius(two, 30), 0.9 * 11, 1);
  EXPECT_EQ(radius(two, 6), 6) << "no further than asked";
  EXPECT_EQ(radius(Mask(two.grid), 30), 0);
}

TEST(Bounds, OfAnEmptyMaskAreEmpty) {
  Mask m(Grid{{4, 5, 6}, {}});
  EXPECT_EQ(bounds(m), Box{});
  m(1, 2, 3) = m(2, 2, 5) = 1;
  EXPECT_EQ(bounds(m), (Box{{1, 2, 3}, {3, 3, 6}}));
}

}  // namespace
}  // namespace larmor::imaging

#include "imaging/resample.h"

#include <gtest/gtest.h>

#include <cmath>

namespace larmor::imaging {
namespace {

/// Every voxel has its own value, so that nothing can be exchanged unnoticed.
Volume<float> numbered(const Shape& shape, const Point& mm) {
  Grid grid{shape, {}};
  for (int d = 0; d < 3; ++d) grid.to_world.rows[std::size_t(d)][std::size_t(d)] = mm[std::size_t(d)];
  grid.to_world.set_column(3, {-7, 11, 3});
  Volume<float> v(grid);
  for (std::size_t i = 0; i < v.size(); ++i) v.voxels[i] = float(i);
  return v;
}

/// The same picture in another memory order: index d of the result is index order[d] of the source, backwards if
/// turned[d].
Volume<float> reordered(const Volume<float>& v, std::array<int, 3> order, std::array<bool, 3> turned) {
  Affine map;  // new index -> old index
  Grid grid;
  for (int d = 0; d < 3; ++d) {
    const auto old = std::size_t(order[std::size_t(d)]);
    grid.shape[std::size_t(d)] = v.shape()[old];
    Point column{};
    column[old] = turned[std::size_t(d)] ? -1 : 1;
    map.set_column(d, column);
    if (turned[std::size_t(d)]) map.rows[old][3] = double(v.shape()[old]) - 1;
  }
  grid.to_world = v.grid.to_world * map;
  Volume<float> out(grid);
  for (std::size_t a = 0; a < grid.shape[0]; ++a)
    for (std::size_t b = 0; b < grid.shape[1]; ++b)
      for (std::size_t c = 0; c < grid.shape[2]; ++c) {
        const auto p = map({double(a), double(b), double(c)});
        out(a, b, c) = v(std::size_t(p[0]), std::size_t(p[1]), std::size_t(p[2]));
      }
  return out;
}

template <class F>
void for_all_orientations(const F& f) {
  std::array<int, 3> order{0, 1, 2};
  do {
    for (int bits = 0; bits < 8; ++bits)
      f(order, std::array<bool, 3>{(bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0});
  } while (std::next_permutation(order.begin(), order.end()));
}

void expect_near(const Affine& a, const Affine& b, double tolerance = 1e-9) {
  for (std::size_t r = 0; r < 3; ++r)
    for (std::size_t c = 0; c < 4; ++c) EXPECT_NEAR(a.rows[r][c], b.rows[r][c], tolerance) << r << "," << c;
}

TEST(Canonical, GivesTheSamePictureForEachOfThe48WaysToStoreIt) {
  const auto head = numbered({9, 12, 7}, {1, 1, 1});
  for_all_orientations([&](auto order, auto turned) {
    const auto stored = reordered(head, order, turned);
    const Grid grid = canonical(stored.grid);
    ASSERT_EQ(grid.shape, head.shape());
    expect_near(grid.to_world, head.grid.to_world);
    ASSERT_EQ(to_canonical(stored, grid).voxels, head.voxels);
  });
}

TEST(Canonical, LeadsLabelsBackToTheVoxelTheyCameFromInEveryOrientation) {
  const auto head = numbered({6, 5, 4}, {1, 1, 1});
  for_all_orientations([&](auto order, auto turned) {
    const auto stored = reordered(head, order, turned);
    const auto upright = to_canonical(stored, canonical(stored.grid));
    ASSERT_EQ(nearest(upright, stored.grid).voxels, stored.voxels);
  });
}

TEST(Canonical, KeepsTheSpaceThatTheImageCovers) {
  const auto v = numbered({40, 30, 20}, {0.5, 2, 3.3});
  const Grid grid = canonical(v.grid);
  EXPECT_EQ(grid.shape, (Shape{20, 60, 66}));
  Point old_centre{19.5, 14.5, 9.5}, new_centre{9.5, 29.5, 32.5};
  const auto a = v.grid.to_world(old_centre), b = grid.to_world(new_centre);
  for (std::size_t d = 0; d < 3; ++d) EXPECT_NEAR(a[d], b[d], 1e-9);
}

TEST(Canonical, LeavesVoxelsOfAboutOneMillimetreUnblurred) {
  const auto v = numbered({8, 8, 8}, {0.98, 1.02, 1});
  const Grid grid = canonical(v.grid);
  EXPECT_EQ(grid.shape, v.shape());
  EXPECT_EQ(to_canonical(v, grid).voxels, v.voxels);
  EXPECT_NEAR(voxel_ml(grid), 0.98 * 1.02 / 1000, 1e-12);
}

TEST(Canonical, OfAnObliqueImageKeepsItsOwnAxesAndFindsItsPlace) {
  for (const double degrees : {5.0, 30.0, 44.0, 46.0, 80.0}) {
    auto v = numbered({10, 12, 14}, {1, 1, 1});
    const double t = degrees * M_PI / 180;
    Affine turn;
    turn.rows = {{{std::cos(t), -std::sin(t), 0, 5}, {std::sin(t), std::cos(t), 0, -9}, {0, 0, 1, 2}}};
    v.grid.to_world = turn * v.grid.to_world;
    const auto upright = to_canonical(v, canonical(v.grid));
    EXPECT_GT(upright.grid.to_world.determinant(), 0) << "the axes of a canonical grid are right-handed";
    EXPECT_EQ(nearest(upright, v.grid).voxels, v.voxels) << degrees;
  }
}

TEST(Resampling, KeepsAConstantImageConstantToItsBorders) {
  auto v = numbered({13, 9, 11}, {0.4, 2.7, 1.3});
  std::fill(v.voxels.begin(), v.voxels.end(), 5.0f);
  for (const float x : to_canonical(v, canonical(v.grid)).voxels) ASSERT_NEAR(x, 5, 1e-5);
}

TEST(Resampling, FollowsALinearRampInBothDirections) {
  for (const double mm : {0.5, 2.0}) {
    auto v = numbered({40, 4, 4}, {mm, 1, 1});
    for (std::size_t a = 0, i = 0; a < 40; ++a)
      for (int n = 0; n < 4 * 4; ++n) v.voxels[i++] = float(double(a) * mm);
    const auto out = to_canonical(v, canonical(v.grid));
    const double first = out(5, 0, 0);
    for (std::size_t a = 5; a + 5 < out.shape()[0]; ++a) ASSERT_NEAR(out(a, 2, 2), first + double(a - 5), 1e-3) << mm;
  }
}

TEST(Crop, KeepsEveryVoxelWhereItWas) {
  const auto v = numbered({6, 7, 8}, {1, 2, 3});
  const auto part = crop(v, {{1, 2, 3}, {5, 6, 8}});
  EXPECT_EQ(part.shape(), (Shape{4, 4, 5}));
  EXPECT_EQ(part(2, 1, 4), v(3, 3, 7));
  EXPECT_EQ(part.grid.to_world({2, 1, 4}), v.grid.to_world({3, 3, 7}));
}

TEST(Crop, IsUndoneByPaste) {
  Volume<std::uint8_t> whole(Grid{{4, 5, 6}, {}});
  for (std::size_t i = 0; i < whole.size(); ++i) whole.voxels[i] = std::uint8_t(i);
  const auto before = whole.voxels;
  const Box box{{1, 0, 2}, {3, 4, 6}};
  auto part = crop(whole, box);
  paste(part, box, whole);
  EXPECT_EQ(whole.voxels, before);
  part(1, 3, 0) = 200;
  paste(part, box, whole);
  EXPECT_EQ(whole(2, 3, 2), 200);
}

TEST(Box, GrowsAsFarAsThereIsAnything) {
  EXPECT_EQ(grown({{1, 3, 0}, {2, 4, 6}}, 2, {9, 5, 6}), (Box{{0, 1, 0}, {4, 5, 6}}));
}

}  // namespace
}  // namespace larmor::imaging

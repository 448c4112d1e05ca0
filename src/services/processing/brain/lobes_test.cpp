#include "services/processing/brain/lobes.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/test_support.h"
#include "imaging/nifti/nifti.h"
#include "imaging/resample.h"

namespace larmor::processing::brain {
namespace {

constexpr const char* kFolder = "models/brain/atlas";

const LobeAtlas& atlas() {
  static const LobeAtlas loaded = load_lobe_atlas(kFolder).value();
  return loaded;
}

/// The atlas' own head on a grid of 1 mm, as a head whose place `p` lies at `to_atlas(p)`.
imaging::Volume<std::uint8_t> head(const imaging::Affine& to_atlas) {
  imaging::Grid grid{{190, 230, 190}, {}};
  for (int d = 0; d < 3; ++d) grid.to_world.rows[d][3] = -0.5 * double(grid.shape[d]);
  imaging::Grid seen = grid;
  seen.to_world = to_atlas * grid.to_world;
  auto out = imaging::nearest(atlas().structures, seen);
  out.grid = grid;
  return out;
}

double ml(const Lobes& lobes, int number, imaging::Side side) {
  for (const auto& v : lobes.volumes)
    if (v.lobe.number == number && v.side == side) return v.ml;
  return -1;
}

/// Share of the cortex that has the lobe which the atlas has at `to_atlas` of its place.
double agreement(const Lobes& found, const imaging::Affine& to_atlas) {
  imaging::Grid seen = found.labels.grid;
  seen.to_world = to_atlas * seen.to_world;
  const auto truth = imaging::nearest(atlas().lobes, seen);
  double same = 0, all = 0;
  for (std::size_t i = 0; i < truth.size(); ++i)
    if (const int lobe = found.labels.voxels[i]; lobe > 0) {
      ++all;
      same += (lobe > kRightLobe ? lobe - kRightLobe : lobe) == truth.voxels[i];
    }
  return all > 0 ? same / all : 0;
}

constexpr imaging::Affine kTilted{{{{0.93, 0.16, 0.02, 3}, {-0.15, 0.97, 0.2, -14}, {0.03, -0.19, 1.04, 9}}}};

TEST(Lobes, ATiltedHeadOfAnotherSizeGetsTheAtlasLobes) {
  const auto found = find_lobes(head(kTilted), atlas(), 2);
  ASSERT_EQ(found.none_because, "");
  EXPECT_GT(agreement(found, kTilted), 0.97);
  ASSERT_EQ(found.volumes.size(), 12u);
  EXPECT_EQ(to_json(found)[1]["name"], "frontal lobe");
  EXPECT_EQ(to_json(found)[1]["side"], "right");
  EXPECT_EQ(to_csv(found).substr(0, 31), "name,side,ml\nfrontal lobe,left,");
}

TEST(Lobes, AllOfTheCortexHasALobeOfItsSide) {
  const auto ids = head(kTilted);
  const auto found = find_lobes(ids, atlas(), 2);
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const int id = ids.voxels[i], lobe = found.labels.voxels[i];
    wrong += id == 3 ? lobe < 1 || lobe > 6 : id == 42 ? lobe < 11 || lobe > 16 : lobe != 0;
  }
  EXPECT_EQ(wrong, 0u);
}

TEST(Lobes, ShrinkingOneSideMakesThatSideSmaller) {
  auto ids = head({});
  // The right temporal lobe lies below and in front: a slab of its cortex goes.
  for (std::size_t i = 0; i < ids.shape()[0]; ++i)
    for (std::size_t j = 110; j < 126; ++j)
      for (std::size_t k = 0; k < 80; ++k)
        if (ids(i, j, k) == 42) ids(i, j, k) = 24;
  const auto found = find_lobes(ids, atlas(), 2);
  using imaging::Side;
  EXPECT_LT(ml(found, 3, Side::right), 0.9 * ml(found, 3, Side::left));
  EXPECT_NEAR(ml(found, 1, Side::right), ml(found, 1, Side::left), 0.06 * ml(found, 1, Side::left));
}

TEST(Lobes, WithoutACerebellumThereAreNoneAndTheReasonIsSaid) {
  auto ids = head({});
  for (auto& v : ids.voxels)
    if (v == 7 || v == 8 || v == 46 || v == 47 || v == 16) v = 0;
  const auto found = find_lobes(ids, atlas(), 2);
  EXPECT_TRUE(found.volumes.empty());
  EXPECT_NE(found.none_because.find("hind brain"), std::string::npos);
}

TEST(Lobes, AnAtlasThatIsNotOneIsAnError) {
  const Scratch folder;
  EXPECT_EQ(load_lobe_atlas(folder.path()).error().code, Code::not_found);
  imaging::Volume<float> image(imaging::Grid{{4, 4, 4}, {}}, 0.5f);
  ASSERT_TRUE(imaging::nifti::write_file(folder.path() / "structures.nii.gz", image));
  ASSERT_TRUE(imaging::nifti::write_file(folder.path() / "lobes.nii.gz", image));
  EXPECT_EQ(load_lobe_atlas(folder.path()).error().code, Code::corrupt);
}

}  // namespace
}  // namespace larmor::processing::brain

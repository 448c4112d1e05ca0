#include "dicom/series/geometry.h"

#include <gmock/gmock.h>

#include <cmath>
#include <random>

namespace larmor::dicom {
namespace {

using testing::HasSubstr;

/// A sagittal series of `n` slices, 1 mm apart, in a shuffled order as it may arrive.
SeriesImages sagittal(int n, double step = 1.2) {
  SeriesImages s;
  s.uid = SeriesUid("1.2.3");
  for (int i = 0; i < n; ++i) {
    ImageHeader h;
    h.series = s.uid;
    h.instance = SopUid(fmt::format("1.2.3.{}", i));
    h.frame_of_reference = "1.2.9";
    h.modality = "MR";
    h.photometric = "MONOCHROME2";
    h.series_number = 3;
    h.series_description = "Sag T1";
    h.instance_number = i + 1;
    h.rows = 256;
    h.columns = 240;
    FrameHeader f;
    f.position = {-80 + step * i, -120, 130};
    f.orientation = {0, 1, 0, 0, 0, -1};
    f.spacing = {1.0, 1.1};
    h.frames = {f};
    s.images.push_back(h);
  }
  std::shuffle(s.images.begin(), s.images.end(), std::mt19937(5));
  return s;
}

/// A series with one thing wrong, and the word that must be in the reason.
void expect_refused(const SeriesImages& s, std::string_view word) {
  const auto stacked = stack(s);
  ASSERT_FALSE(stacked) << word;
  EXPECT_EQ(stacked.error().code, Code::unsupported);
  EXPECT_THAT(stacked.error().what, HasSubstr(std::string(word)));
}

ImageHeader& slice(SeriesImages& s, int number) {
  for (auto& h : s.images)
    if (h.instance_number == number) return h;
  return s.images.front();
}

void remove(SeriesImages& s, int number) {
  std::erase_if(s.images, [&](const ImageHeader& h) { return h.instance_number == number; });
}

TEST(Stack, SortsByPositionWhateverTheOrderOfArrival) {
  const auto s = stack(sagittal(40));
  ASSERT_TRUE(s) << s.error().what;
  // row (0 1 0) x column (0 0 -1) = (-1 0 0): from the left (+x) to the right.
  EXPECT_EQ(s->source.slice_direction, (Vector3{-1, 0, 0}));
  for (std::size_t k = 1; k < 40; ++k) EXPECT_LT(s->source.slices[k].position[0], s->source.slices[k - 1].position[0]);
  EXPECT_NEAR(s->source.slice_spacing, 1.2, 1e-9);
  EXPECT_EQ(s->source.row_spacing, 1.0);
  EXPECT_EQ(s->source.column_spacing, 1.1);
  EXPECT_EQ(s->grid.shape, (imaging::Shape{40, 256, 240}));
}

TEST(Stack, PutsEachVoxelWhereDicomSaysItIs) {
  const auto series = sagittal(40);
  const auto s = stack(series);
  ASSERT_TRUE(s);
  for (const std::size_t k : {0, 7, 39}) {
    const auto& at = s->source.slices[k].position;
    for (const double row : {0.0, 100.0})
      for (const double column : {0.0, 50.0}) {
        // PS3.3 C.7.6.2.1.1: position + row direction * column spacing * column + column direction * row spacing * row.
        const Vector3 lps{at[0], at[1] + 1.1 * column, at[2] - 1.0 * row};
        const auto ras = s->grid.to_world({double(k), row, column});
        EXPECT_NEAR(ras[0], -lps[0], 1e-9);
        EXPECT_NEAR(ras[1], -lps[1], 1e-9);
        EXPECT_NEAR(ras[2], lps[2], 1e-9);
      }
  }
}

TEST(Stack, TakesObliquePlanesWithTheRoundingOfRealHeaders) {
  auto s = sagittal(60);
  const double t = 0.3, p = 0.2;
  const auto turn = [&](const Vector3& v) {
    const Vector3 a{v[0], std::cos(t) * v[1] - std::sin(t) * v[2], std::sin(t) * v[1] + std::cos(t) * v[2]};
    return Vector3{std::cos(p) * a[0] - std::sin(p) * a[1], std::sin(p) * a[0] + std::cos(p) * a[1], a[2]};
  };
  const auto rounded = [](double v) { return std::round(v * 1e4) / 1e4; };
  for (auto& h : s.images) {
    auto& f = h.frames[0];
    f.position = turn(*f.position);
    const auto r = turn({0, 1, 0}), c = turn({0, 0, -1});
    f.orientation = {rounded(r[0]), rounded(r[1]), rounded(r[2]), rounded(c[0]), rounded(c[1]), rounded(c[2])};
    for (auto& v : *f.position) v = rounded(v);
  }
  const auto stacked = stack(s);
  ASSERT_TRUE(stacked) << stacked.error().what;
  EXPECT_NEAR(stacked->source.slice_spacing, 1.2, 1e-3);
}

TEST(Stack, RefusesAGapAndSaysWhereAndHowWide) {
  auto s = sagittal(40);
  remove(s, 11);
  expect_refused(s, "gap of 2.40 mm");
  expect_refused(s, "1 slice is missing");
  remove(s, 12);
  expect_refused(s, "2 slices are missing");
}

TEST(Stack, RefusesUnevenSlices) {
  auto s = sagittal(40);
  (*slice(s, 20).frames[0].position)[0] += 0.3;
  expect_refused(s, "unevenly spaced");
}

TEST(Stack, RefusesTheDirectionsOfALocalizer) {
  auto s = sagittal(9);
  for (int i = 4; i <= 6; ++i) slice(s, i).frames[0].orientation = {1, 0, 0, 0, 1, 0};
  for (int i = 7; i <= 9; ++i) slice(s, i).frames[0].orientation = {1, 0, 0, 0, 0, -1};
  expect_refused(s, "3 directions");
}

TEST(Stack, RefusesTwoImagesAtOnePlaceAndSaysWhatTellsThemApart) {
  const auto doubled = [](auto change) {
    auto s = sagittal(30);
    const auto once = s.images;
    for (auto h : once) {
      h.instance = SopUid(h.instance.str() + ".2");
      change(h.frames[0]);
      s.images.push_back(h);
    }
    return s;
  };
  expect_refused(doubled([](FrameHeader& f) { f.echo_time_ms = 7; }), "2 echo times");
  expect_refused(doubled([](FrameHeader& f) { f.time_point = 2; }), "2 time points");
  expect_refused(doubled([](FrameHeader& f) { f.b_value = 1000; }), "2 diffusion weightings");
  expect_refused(doubled([](FrameHeader& f) { f.kind = "P"; }), "magnitude and phase");
  expect_refused(doubled([](FrameHeader&) {}), "nothing that tells them apart");
}

TEST(Stack, RefusesWhatIsNoVolumeOfGreyVoxels) {
  const auto with = [](auto change) {
    auto s = sagittal(30);
    change(s);
    return s;
  };
  expect_refused(with([](auto& s) {
                   for (auto& h : s.images) h.samples = 3, h.photometric = "RGB";
                 }),
                 "RGB");
  expect_refused(with([](auto& s) { slice(s, 5).rows = 128; }), "differ in size");
  expect_refused(with([](auto& s) { slice(s, 5).frames[0].position.reset(); }), "image 5");
  expect_refused(with([](auto& s) { slice(s, 5).frames[0].orientation.reset(); }), "how it lies");
  expect_refused(with([](auto& s) { slice(s, 5).frames[0].spacing.reset(); }), "no pixel spacing");
  expect_refused(with([](auto& s) { slice(s, 5).frames[0].spacing = {1.3, 1.1}; }), "differ in pixel spacing");
  expect_refused(with([](auto& s) { slice(s, 5).frame_of_reference = "9"; }), "frames of reference");
  expect_refused(with([](auto& s) { slice(s, 5).image_type = {"ORIGINAL", "PRIMARY", "M", "MOSAIC"}; }), "mosaics");
  expect_refused(with([](auto& s) {
                   for (auto& h : s.images) h.frames[0].orientation = {1, 1, 0, 0, 1, 0};
                 }),
                 "perpendicular");
  expect_refused(sagittal(19), "19 slices");
  expect_refused(with([](auto& s) {
                   for (auto& h : s.images) (*h.frames[0].position)[2] += 0.2 * h.instance_number;
                 }),
                 "gantry");
}

TEST(Stack, TakesTheFramesOfAMultiframeObject) {
  auto s = sagittal(30);
  SeriesImages one;
  one.uid = s.uid;
  ImageHeader h = s.images.front();
  h.multiframe = true;
  h.frames.clear();
  int number = 0;
  for (const auto& image : s.images) {
    h.frames.push_back(image.frames[0]);
    h.frames.back().number = ++number;
  }
  one.images = {h};
  const auto apart = stack(s), together = stack(one);
  ASSERT_TRUE(together) << together.error().what;
  EXPECT_EQ(together->grid.to_world, apart->grid.to_world);
  for (std::size_t k = 0; k < 30; ++k) {
    EXPECT_EQ(together->source.slices[k].position, apart->source.slices[k].position);
    EXPECT_EQ(together->source.slices[k].frame, int(together->planes[k].frame) + 1);
    EXPECT_EQ(apart->source.slices[k].frame, 0);
  }
}

}  // namespace
}  // namespace larmor::dicom

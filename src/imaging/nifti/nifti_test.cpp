#include "imaging/nifti/nifti.h"

#include <gtest/gtest.h>

#include <cstring>
#include <filesystem>
#include <random>

#include "base/file.h"
#include "base/test_support.h"
#include "imaging/nifti/header.h"

namespace larmor::imaging::nifti {
namespace {

Grid oblique_grid() {
  Grid g{{4, 5, 6}, {}};
  g.to_world.rows = {{{0.1, 0.2, -0.9, 10}, {0.3, 1.8, 0.1, -20}, {2.5, -0.4, 0.2, 30}}};
  return g;
}

template <class T>
void put(std::string& file, std::size_t at, T value, bool swapped = false) {
  std::array<char, sizeof(T)> bytes;
  std::memcpy(bytes.data(), &value, sizeof(T));
  if (swapped) std::reverse(bytes.begin(), bytes.end());
  file.replace(at, sizeof(T), bytes.data(), sizeof(T));
}

/// A whole file of 4 x 5 x 6 voxels that count from 0.
template <class T>
std::string counting(int code) {
  std::string file = header_bytes(oblique_grid(), code);
  for (int i = 0; i < 120; ++i) {
    const T v = T(i);
    file.append(reinterpret_cast<const char*>(&v), sizeof v);
  }
  return file;
}

Result<Image> parse(const std::string& file) {
  MemorySource source(as_bytes(file));
  return read(source);
}

template <class T>
void expect_counts(int code) {
  const auto image = parse(counting<T>(code));
  ASSERT_TRUE(image) << image.error().what;
  for (std::size_t i = 0; i < 120; ++i) ASSERT_EQ(image->volume.voxels[i], float(i)) << code;
}

TEST(Nifti, ReadsEveryTypeOfOneRealNumber) {
  expect_counts<std::uint8_t>(2);
  expect_counts<std::int16_t>(4);
  expect_counts<std::int32_t>(8);
  expect_counts<float>(16);
  expect_counts<double>(64);
  expect_counts<std::int8_t>(256);
  expect_counts<std::uint16_t>(512);
  expect_counts<std::uint32_t>(768);
  expect_counts<std::int64_t>(1024);
  expect_counts<std::uint64_t>(1280);
}

TEST(Nifti, ReadsTheOtherByteOrder) {
  std::string file = counting<std::int16_t>(4);
  const auto swap = [&](std::size_t at, std::size_t n) {
    std::reverse(file.begin() + std::ptrdiff_t(at), file.begin() + std::ptrdiff_t(at + n));
  };
  swap(0, 4);
  for (std::size_t at = 40; at < 56; at += 2) swap(at, 2);
  swap(70, 2), swap(72, 2);
  for (std::size_t at = 76; at < 120; at += 4) swap(at, 4);
  swap(252, 2), swap(254, 2);
  for (std::size_t at = 256; at < 328; at += 4) swap(at, 4);
  for (std::size_t at = 352; at < file.size(); at += 2) swap(at, 2);
  const auto image = parse(file), plain = parse(counting<std::int16_t>(4));
  ASSERT_TRUE(image) << image.error().what;
  EXPECT_EQ(image->volume.voxels, plain->volume.voxels);
  EXPECT_EQ(image->volume.grid.to_world, plain->volume.grid.to_world);
}

TEST(Nifti, ComesBackAsWritten) {
  const Scratch scratch;
  Volume<float> v(oblique_grid());
  for (std::size_t i = 0; i < v.size(); ++i) v.voxels[i] = 0.5f * float(i) - 7;
  for (const char* name : {"v.nii", "v.nii.gz"}) {
    ASSERT_TRUE(write_file(scratch.path() / name, v));
    const auto back = nifti::read_file(scratch.path() / name);
    ASSERT_TRUE(back) << back.error().what;
    EXPECT_EQ(back->volume.voxels, v.voxels);
    EXPECT_TRUE(back->orientation_known);
    for (std::size_t r = 0; r < 3; ++r)
      for (std::size_t c = 0; c < 4; ++c)
        EXPECT_NEAR(back->volume.grid.to_world.rows[r][c], v.grid.to_world.rows[r][c], 1e-5);
  }
  EXPECT_LT(std::filesystem::file_size(scratch.path() / "v.nii.gz"),
            std::filesystem::file_size(scratch.path() / "v.nii"));
}

TEST(Nifti, KeepsWhatTheWriterSaysOfTheImageAsFarAsTheHeaderHasRoom) {
  const Scratch scratch;
  const Volume<float> v(Grid{{2, 2, 2}, {}}, 1.0F);
  ASSERT_TRUE(write_file(scratch.path() / "a.nii", v, "Simulated by Larmor: all of it"));
  EXPECT_EQ(read_file(scratch.path() / "a.nii")->description, "Simulated by Larmor: all of it");
  ASSERT_TRUE(write_file(scratch.path() / "b.nii", v, std::string(200, 'x')));
  EXPECT_EQ(read_file(scratch.path() / "b.nii")->description, std::string(79, 'x'));
  ASSERT_TRUE(write_file(scratch.path() / "c.nii", v));
  EXPECT_EQ(read_file(scratch.path() / "c.nii")->description, "");
}

TEST(Nifti, AppliesSlopeAndIntercept) {
  auto file = counting<std::int16_t>(4);
  put(file, 112, 2.0f), put(file, 116, -3.0f);
  EXPECT_EQ(parse(file)->volume.voxels[10], 17.0f);
  put(file, 112, 0.0f);  // zero means: none
  EXPECT_EQ(parse(file)->volume.voxels[10], 10.0f);
  put(file, 112, std::numeric_limits<float>::quiet_NaN());
  EXPECT_EQ(parse(file)->volume.voxels[10], 10.0f);
}

TEST(Nifti, TakesItsPlaceFromTheQuaternionWhereThereIsNoMatrix) {
  auto file = counting<std::int16_t>(4);
  put(file, 254, std::int16_t{0}), put(file, 252, std::int16_t{1});
  // Half a turn about z: x and y change sign. Pixels of 2 x 3 x 4 mm, third axis turned over by pixdim[0].
  put(file, 76, -1.0f), put(file, 80, 2.0f), put(file, 84, 3.0f), put(file, 88, 4.0f);
  put(file, 256, 0.0f), put(file, 260, 0.0f), put(file, 264, 1.0f);
  put(file, 268, 5.0f), put(file, 272, 6.0f), put(file, 276, 7.0f);
  const auto image = parse(file);
  ASSERT_TRUE(image) << image.error().what;
  const auto p = image->volume.grid.to_world({1, 1, 1});  // k, j, i
  EXPECT_NEAR(p[0], 5 - 2, 1e-6);
  EXPECT_NEAR(p[1], 6 - 3, 1e-6);
  EXPECT_NEAR(p[2], 7 - 4, 1e-6);
}

TEST(Nifti, SaysWhenNobodyCanTellLeftFromRight) {
  auto file = counting<std::int16_t>(4);
  put(file, 254, std::int16_t{0}), put(file, 252, std::int16_t{0});
  const auto image = parse(file);
  ASSERT_TRUE(image);
  EXPECT_FALSE(image->orientation_known);
}

TEST(Nifti, UnderstandsMetresAndMicrons) {
  auto file = counting<std::int16_t>(4);
  const double mm = voxel_ml(parse(file)->volume.grid);
  file[123] = 3;
  EXPECT_NEAR(voxel_ml(parse(file)->volume.grid), mm * 1e-9, mm * 1e-14);
}

TEST(Nifti, RefusesWhatItCannotReadWithTheReason) {
  const auto good = counting<std::int16_t>(4);
  const auto refused = [&](auto change, Code code, std::string_view word) {
    std::string file = good;
    change(file);
    const auto image = parse(file);
    ASSERT_FALSE(image) << word;
    EXPECT_EQ(image.error().code, code) << image.error().what;
    EXPECT_NE(image.error().what.find(word), std::string::npos) << image.error().what;
  };
  refused([](auto& f) { f = "hello"; }, Code::corrupt, "header");
  refused([](auto& f) { f.assign(400, 'x'); }, Code::corrupt, "not a NIfTI-1");
  refused([](auto& f) { put(f, 0, std::int32_t{540}); }, Code::unsupported, "NIfTI-2");
  refused([](auto& f) { f[345] = 'i', f[344] = 'n', f[345] = 'i', f[346] = '1'; }, Code::unsupported, ".hdr");
  refused([](auto& f) { put(f, 70, std::int16_t{128}); }, Code::unsupported, "128");
  refused([](auto& f) { put(f, 40, std::int16_t{4}), put(f, 48, std::int16_t{9}); }, Code::unsupported, "9 volumes");
  refused([](auto& f) { put(f, 42, std::int16_t{-6}); }, Code::corrupt, "dimension 1");
  refused(
      [](auto& f) {
        for (std::size_t d = 42; d < 48; d += 2) put(f, d, std::int16_t{32767});
      },
      Code::too_large, "32767");
  refused([](auto& f) { put(f, 108, 1e30f); }, Code::corrupt, "starts at");
  refused([](auto& f) { put(f, 280, std::numeric_limits<float>::quiet_NaN()); }, Code::corrupt, "place in space");
  refused([](auto& f) { std::fill(f.begin() + 280, f.begin() + 328, '\0'); }, Code::corrupt, "place in space");
  refused([](auto& f) { f.resize(f.size() - 1); }, Code::corrupt, "ends within its image data");
}

TEST(Nifti, HeaderAloneCannotClaimAGigabyte) {
  auto file = counting<std::uint8_t>(2);
  for (std::size_t d = 42; d < 48; d += 2) put(file, d, std::int16_t{640});
  const auto image = parse(file);
  ASSERT_FALSE(image);
  EXPECT_EQ(image.error().code, Code::corrupt);
}

TEST(Nifti, SurvivesTwentyThousandDamagedFiles) {
  std::mt19937 random(7);
  const auto good = counting<std::int16_t>(4);
  int read_well = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string file = good;
    const int changes = 1 + int(random() % 6);
    for (int c = 0; c < changes; ++c) file[random() % file.size()] = char(random());
    if (random() % 4 == 0) file.resize(random() % (file.size() + 1));
    const auto image = parse(file);
    read_well += image.has_value();
    if (image)
      ASSERT_EQ(image->volume.size(), count(image->volume.shape()));
    else
      ASSERT_FALSE(image.error().what.empty());
  }
  EXPECT_GT(read_well, 100) << "the damage is too great to test anything behind the header";
}

TEST(Nifti, NamesTheFileThatIsDamaged) {
  const Scratch scratch;
  const auto path = scratch.path() / "larmor_damaged.nii.gz";
  ASSERT_TRUE(write_file_durably(path, std::string("\x1f\x8b\x08\0\0\0\0\0\0\3garbage", 17)));
  const auto image = nifti::read_file(path);
  ASSERT_FALSE(image);
  EXPECT_EQ(image.error().code, Code::corrupt);
  EXPECT_NE(image.error().what.find("larmor_damaged"), std::string::npos);
}

}  // namespace
}  // namespace larmor::imaging::nifti

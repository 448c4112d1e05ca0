/// Real files of several vendors and compressions; skipped where the shared data are absent.
#include "dicom/series/load.h"

#include <gmock/gmock.h>
#include <zlib.h>

#include <cstdlib>
#include <fstream>

#include "base/file.h"
#include "base/test_support.h"
#include "dicom/objects/dicomize.h"
#include "dicom/series/pixels.h"
#include "dicom/series/scan.h"
#include "imaging/resample.h"

namespace larmor::dicom {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

void unpack(const fs::path& from, const fs::path& to) {
  gzFile in = gzopen(from.c_str(), "rb");
  std::ofstream out(to, std::ios::binary);
  std::vector<char> buffer(1 << 16);
  for (int n; (n = gzread(in, buffer.data(), unsigned(buffer.size()))) > 0;) out.write(buffer.data(), n);
  gzclose(in);
}

#define NEEDS(path) \
  if (!fs::exists(path)) GTEST_SKIP() << (path) << " is absent (set LARMOR_SHARED)"

TEST(Load, ReadsThePhilipsHead) {
  const auto from = shared_data("dicom/vendors/philips_elition_classic_mprage/In/cl");
  NEEDS(from);
  Scratch scratch;
  for (const auto& file : fs::directory_iterator(from))
    if (file.path().extension() == ".gz") unpack(file.path(), scratch.path() / file.path().stem());
  const auto head = load_t1(scratch.path());
  ASSERT_TRUE(head) << head.error().what;
  EXPECT_THAT(head->reason, HasSubstr("series 1301 'ADNI_Sag3D MPRAGE' chosen"));
  EXPECT_EQ(head->volume.shape(), (imaging::Shape{170, 256, 256}));
  EXPECT_NEAR(imaging::voxel_ml(head->volume.grid), 0.001, 1e-5);
  EXPECT_EQ(head->source.slices.size(), 170u);
  // Rescaled, so not the stored whole numbers.
  EXPECT_GT(*std::max_element(head->volume.voxels.begin(), head->volume.voxels.end()), 100.0f);

  fs::remove(scratch.path() / "1301_0085.dcm");
  const auto with_gap = load_t1(scratch.path());
  ASSERT_FALSE(with_gap);
  EXPECT_THAT(with_gap.error().what, HasSubstr("1 slice is missing"));
}

TEST(Load, ReadsEnhancedMultiframeAndPrefersTheEvenlyLitSeries) {
  const auto from = shared_data("dicom/vendors/siemens_xa30_enhanced");
  NEEDS(from);
  const auto head = load_t1(from);
  ASSERT_TRUE(head) << head.error().what;
  EXPECT_THAT(head->reason, HasSubstr("series 6 'anat-T1w_acq-tfl' chosen"));
  EXPECT_THAT(head->reason, HasSubstr("series 11 'DWI_dir80_PA_ADC' is a diffusion image"));
  EXPECT_EQ(head->volume.shape(), (imaging::Shape{96, 128, 128}));
  EXPECT_TRUE(head->source.multiframe);
  for (const auto& slice : head->source.slices) EXPECT_GE(slice.frame, 1);
}

TEST(Load, RefusesFunctionalDiffusionAndMosaicSeries) {
  for (const auto* folder : {"vendors/ge_nih", "vendors/toshiba", "vendors/siemens_xa10_enhanced"}) {
    const auto from = shared_data("dicom") / folder;
    NEEDS(from);
    const auto head = load_t1(from);
    ASSERT_FALSE(head) << folder;
    EXPECT_EQ(head.error().code, Code::unsupported);
    EXPECT_THAT(head.error().what, HasSubstr("no series of this study is a T1-weighted volume")) << folder;
  }
}

TEST(Load, ReadsNothingFromAFolderWithoutImages) {
  Scratch scratch;
  const auto empty = load_t1(scratch.path());
  ASSERT_FALSE(empty);
  EXPECT_THAT(empty.error().what, HasSubstr("holds no DICOM images"));
  EXPECT_EQ(load_t1(scratch.path() / "nowhere").error().code, Code::not_found);
  ASSERT_TRUE(write_file_durably(scratch.path() / "note.txt", "not DICOM"));
  EXPECT_THAT(load_t1(scratch.path()).error().what, HasSubstr("1 other files"));
}

/// The only frame of one file.
Result<std::vector<float>> pixels_of(const fs::path& file) {
  const auto header = TRY(read_image_header(file));
  std::vector<float> out(std::size_t(header.rows) * header.columns);
  const WantedFrame wanted{0, out};
  CHECK_OK(read_frames(header, std::span(&wanted, 1)));
  return out;
}

TEST(Pixels, OfEveryLosslessCompressionEqualTheOriginal) {
  const auto from = shared_data("dicom/nema-wg04/data/WG04");
  NEEDS(from);
  for (const auto* image : {"MR1", "MR3", "MR4"}) {
    const auto original = pixels_of(from / "REF" / fmt::format("{}_UNC", image));
    ASSERT_TRUE(original) << original.error().what;
    for (const auto* kind : {"J2KR", "JLSL", "JPLL", "RLE"}) {
      const auto file = from / kind / fmt::format("{}_{}", image, kind);
      if (!fs::exists(file)) continue;
      const auto packed = pixels_of(file);
      ASSERT_TRUE(packed) << file << ": " << packed.error().what;
      EXPECT_TRUE(*packed == *original) << file;
    }
  }
}

TEST(Pixels, OfLossyCompressionsAreNearTheOriginal) {
  const auto from = shared_data("dicom/nema-wg04/data/WG04");
  NEEDS(from);
  const auto original = pixels_of(from / "REF/MR1_UNC");
  ASSERT_TRUE(original);
  const double brightest = *std::max_element(original->begin(), original->end());
  for (const auto* kind : {"J2KI", "JLSN", "JPLY"}) {
    const auto file = from / kind / fmt::format("MR1_{}", kind);
    if (!fs::exists(file)) continue;
    const auto packed = pixels_of(file);
    ASSERT_TRUE(packed) << file << ": " << packed.error().what;
    double off = 0;
    for (std::size_t i = 0; i < packed->size(); ++i) off += std::abs((*packed)[i] - (*original)[i]);
    EXPECT_LT(off / double(packed->size()), 0.02 * brightest) << file;
  }
}

/// A small oblique series, written by Larmor itself.
std::vector<Object> made_series(imaging::Volume<float>& v, const DicomizeOptions& options = {}) {
  v = imaging::Volume<float>(imaging::Grid{{20, 18, 22}, {}});
  const double t = 0.35;
  v.grid.to_world.rows = {{{1.3 * std::cos(t), 0, -1.1 * std::sin(t), -20},
                           {0, -1.2, 0, 30},
                           {1.3 * std::sin(t), 0, 1.1 * std::cos(t), 5}}};
  for (std::size_t i = 0; i < v.size(); ++i) v.voxels[i] = float(i % 4001);
  return *dicomize(v, options);
}

void write_series(const std::vector<Object>& objects, const fs::path& folder) {
  for (std::size_t i = 0; i < objects.size(); ++i)
    ASSERT_TRUE(write_file_durably(folder / fmt::format("{}.dcm", i), objects[i].bytes));
}

/// Every voxel of the made volume is found at its own place in the patient.
void expect_same(const imaging::Volume<float>& v, const imaging::Volume<float>& back) {
  const auto there = imaging::nearest(back, v.grid, -1);
  EXPECT_EQ(there.voxels, v.voxels);
}

TEST(Load, BringsAnObliqueVolumeBackToItsPlace) {
  imaging::Volume<float> v;
  const auto objects = made_series(v);
  Scratch scratch;
  write_series(objects, scratch.path());
  const auto back = load_t1(scratch.path());
  ASSERT_TRUE(back) << back.error().what;
  expect_same(v, back->volume);
}

TEST(Load, KnowsThatAHeadIsSimulated) {
  for (const bool simulated : {true, false}) {
    imaging::Volume<float> v;
    DicomizeOptions options;
    if (simulated) options.simulated = "all of it";
    Scratch scratch;
    write_series(made_series(v, options), scratch.path());
    EXPECT_EQ(load_t1(scratch.path())->source.simulated, simulated);
  }
}

TEST(Load, ReadsEveryTransferSyntaxTheSame) {
  imaging::Volume<float> v;
  const auto objects = made_series(v);
  for (const std::string tool :
       {"dcmconv +tb", "dcmconv +ti", "dcmconv +td", "dcmcrle", "dcmcjpeg +e1", "dcmcjpls +el"}) {
    Scratch plain, packed;
    write_series(objects, plain.path());
    for (const auto& file : fs::directory_iterator(plain.path())) {
      const auto command = fmt::format("{} {} {} >/dev/null 2>&1", tool, file.path().string(),
                                       (packed.path() / file.path().filename()).string());
      if (std::system(command.c_str()) != 0) GTEST_SKIP() << "DCMTK's tools are absent: " << tool;
    }
    const auto back = load_t1(packed.path());
    ASSERT_TRUE(back) << tool << ": " << back.error().what;
    SCOPED_TRACE(tool);
    expect_same(v, back->volume);
  }
}

TEST(Load, NamesTheImageThatIsCutShort) {
  imaging::Volume<float> v;
  const auto objects = made_series(v);
  Scratch scratch;
  write_series(objects, scratch.path());
  fs::resize_file(scratch.path() / "7.dcm", objects[7].bytes.size() - 400);
  const auto head = load_t1(scratch.path());
  ASSERT_FALSE(head);
  EXPECT_EQ(head.error().code, Code::corrupt);
  EXPECT_THAT(head.error().what, HasSubstr("7.dcm"));
}

}  // namespace
}  // namespace larmor::dicom

#include "dicom/objects/dicomize.h"

#include <gmock/gmock.h>

#include <cmath>
#include <map>
#include <set>

#include "dicom/objects/testing.h"

namespace larmor::dicom {
namespace {

using imaging::Affine;
using imaging::Point;

/// Each voxel has a value of its own.
imaging::Volume<float> numbered(const Affine& to_world) {
  imaging::Volume<float> volume(imaging::Grid{{3, 4, 5}, to_world});
  for (std::size_t i = 0; i < volume.size(); ++i) volume.voxels[i] = static_cast<float>(i + 1);
  return volume;
}

Affine rotated(double degrees) {
  const double c = std::cos(degrees * M_PI / 180), s = std::sin(degrees * M_PI / 180);
  return Affine{{{{0, -1.1 * s, 0.9 * c, -7}, {0, 1.1 * c, 0.9 * s, 3}, {2.0, 0, 0, 11}}}};
}

/// Where each stored value lies in the patient, in RAS+, read as any other program would.
std::map<long, Point> places(const std::vector<Object>& series) {
  std::map<long, Point> found;
  for (const auto& object : series) {
    const auto file = parse(object.bytes);
    auto& d = *file->getDataset();
    const int rows = word_at(d, DCM_Rows), columns = word_at(d, DCM_Columns);
    const Uint16* pixels = nullptr;
    d.findAndGetUint16Array(DCM_PixelData, pixels);
    for (int r = 0; r < rows; ++r)
      for (int c = 0; c < columns; ++c) {
        Point lps{};
        for (int i = 0; i < 3; ++i)
          lps[i] = number_at(d, DCM_ImagePositionPatient, i) +
                   c * number_at(d, DCM_PixelSpacing, 1) * number_at(d, DCM_ImageOrientationPatient, i) +
                   r * number_at(d, DCM_PixelSpacing, 0) * number_at(d, DCM_ImageOrientationPatient, 3 + i);
        found[pixels[r * columns + c]] = {-lps[0], -lps[1], lps[2]};
      }
  }
  return found;
}

TEST(Dicomize, PutsEveryVoxelWhereTheNiftiFileHasIt) {
  const std::map<std::string, Affine> affines = {
      {"axial", Affine{{{{0, 0, 0.9, -80}, {0, 1.1, 0, -100}, {1.3, 0, 0, -60}}}}},
      {"left-handed", Affine{{{{0, 0, -0.9, 80}, {0, 1.1, 0, -100}, {1.3, 0, 0, -60}}}}},
      {"sagittal", Affine{{{{1.3, 0, 0, -80}, {0, 0, 1, -100}, {0, 1, 0, -60}}}}},
      {"coronal, upside down", Affine{{{{0, 0, 1, -80}, {1.3, 0, 0, -100}, {0, -1, 0, 60}}}}},
      {"oblique", rotated(20)},
      {"very oblique", rotated(-41)}};
  for (const auto& [name, affine] : affines)
    for (const auto plane : {ViewPlane::native, ViewPlane::axial, ViewPlane::sagittal, ViewPlane::coronal}) {
      const auto volume = numbered(affine);
      DicomizeOptions options;
      options.plane = plane;
      const auto series = dicomize(volume, options);
      ASSERT_TRUE(series) << name << ": " << series.error().what;
      const auto found = places(*series);
      ASSERT_EQ(found.size(), volume.size());
      for (std::size_t a = 0; a < 3; ++a)
        for (std::size_t b = 0; b < 4; ++b)
          for (std::size_t c = 0; c < 5; ++c) {
            const auto expected = affine({double(a), double(b), double(c)});
            const auto& seen = found.at(static_cast<long>(volume(a, b, c)));
            for (int i = 0; i < 3; ++i) ASSERT_NEAR(seen[i], expected[i], 1e-3) << name << " plane " << int(plane);
          }
    }
}

TEST(Dicomize, MakesTheSameBytesAgainAndOtherUidsWithAnotherSeed) {
  const auto volume = numbered(rotated(10));
  DicomizeOptions options;
  const auto once = dicomize(volume, options), again = dicomize(volume, options);
  options.seed = "2";
  const auto other = dicomize(volume, options);
  ASSERT_TRUE(once && again && other);
  std::set<std::string> uids;
  for (std::size_t i = 0; i < once->size(); ++i) {
    EXPECT_EQ((*once)[i].bytes, (*again)[i].bytes);
    EXPECT_NE((*once)[i].instance, (*other)[i].instance);
    EXPECT_LE((*once)[i].instance.str().size(), 64u);
    uids.insert((*once)[i].instance.str());
  }
  EXPECT_EQ(uids.size(), once->size());
}

TEST(Dicomize, NeverGivesTwoPatientsTheSameUid) {
  const auto volume = numbered(rotated(10));
  DicomizeOptions one, two;
  two.patient = Phi<DicomizePatient>({.name = "Other^Patient", .id = "2", .birth_date = "", .sex = "", .age = ""});
  EXPECT_NE(dicomize(volume, one)->front().instance, dicomize(volume, two)->front().instance);
}

TEST(Dicomize, LeadsBackFromStoredValuesToTheOriginalOnes) {
  auto volume = numbered(rotated(0));
  for (auto& v : volume.voxels) v = v * 0.37F - 4.2F;
  volume.voxels[0] = std::numeric_limits<float>::quiet_NaN();
  const auto series = dicomize(volume, {});
  ASSERT_TRUE(series);
  const auto file = parse(series->back().bytes);
  auto& d = *file->getDataset();
  const Uint16* pixels = nullptr;
  d.findAndGetUint16Array(DCM_PixelData, pixels);
  double largest = 0;
  for (int i = 0; i < 20; ++i)
    largest = std::max(largest, pixels[i] * number_at(d, DCM_RescaleSlope) + number_at(d, DCM_RescaleIntercept));
  EXPECT_NEAR(largest, 60 * 0.37 - 4.2, 1e-3);
}

TEST(Dicomize, SaysThatTheImagesAreDerivedUnlessTheyAreNot) {
  const auto volume = numbered(rotated(0));
  DicomizeOptions options;
  auto file = parse(dicomize(volume, options)->front().bytes);
  EXPECT_EQ(text_at(*file->getDataset(), DCM_ImageType), "DERIVED\\PRIMARY\\OTHER");
  EXPECT_EQ(text_at(*file->getDataset(), DCM_DerivationDescription), "Converted from a NIfTI file");
  options.original = true;
  file = parse(dicomize(volume, options)->front().bytes);
  EXPECT_EQ(text_at(*file->getDataset(), DCM_ImageType), "ORIGINAL\\PRIMARY\\OTHER");
}

TEST(Dicomize, SaysInSeveralPlacesThatAHeadIsSimulated) {
  DicomizeOptions options;
  options.simulated = "a loss of 1.5 %";
  const auto objects = dicomize(numbered(rotated(0)), options);
  const auto file = parse(objects->front().bytes);
  auto& d = *file->getDataset();
  EXPECT_EQ(text_at(d, DcmTagKey(0x0008, 0x001C)), "YES");
  EXPECT_EQ(text_at(d, DCM_StudyDescription), "MR head (SIMULATED)");
  EXPECT_EQ(text_at(d, DCM_DerivationDescription), "Converted from a NIfTI file. SIMULATED: a loss of 1.5 %");
  EXPECT_THAT(text_at(d, DCM_ImageComments), ::testing::HasSubstr("SIMULATED"));
  EXPECT_EQ(text_at(*parse(dicomize(numbered(rotated(0)), {})->front().bytes)->getDataset(), DcmTagKey(0x0008, 0x001C)),
            "");
}

TEST(Dicomize, RefusesWhatDicomCannotSay) {
  const auto sheared = dicomize(numbered(Affine{{{{0, 0.5, 1, 0}, {0, 1, 0, 0}, {1, 0, 0, 0}}}}), {});
  ASSERT_FALSE(sheared);
  EXPECT_EQ(sheared.error().code, Code::unsupported);
  DicomizeOptions options;
  options.study_date = "2020-01-01";
  const auto date = dicomize(numbered(rotated(0)), options);
  ASSERT_FALSE(date);
  EXPECT_EQ(date.error().field, "study_date");
}

TEST(Dicomize, PassesDciodvfyInEveryPlane) {
  if (!have_dciodvfy()) GTEST_SKIP() << "dciodvfy (Debian: dicom3tools) is not installed";
  const Scratch scratch;
  DicomizeOptions options;
  options.patient =
      Phi<DicomizePatient>({.name = "Müller^Jürgen", .id = "A1", .birth_date = "19700101", .sex = "M", .age = "050Y"});
  for (const auto plane : {ViewPlane::native, ViewPlane::axial, ViewPlane::sagittal, ViewPlane::coronal}) {
    options.plane = plane;
    EXPECT_EQ(complaints_of_dciodvfy(scratch, dicomize(numbered(rotated(20)), options)->front()), "");
  }
}

}  // namespace
}  // namespace larmor::dicom

#include "dicom/objects/map.h"

#include <dcmtk/dcmpmap/dpmparametricmapiod.h>
#include <gtest/gtest.h>

#include <cmath>

#include "dicom/objects/dicomize.h"
#include "dicom/objects/testing.h"

namespace larmor::dicom {
namespace {

const Meaning kMeaning{{"percent_change", "99LARMOR", "Percent change of volume"},
                       {"%", "UCUM", "percent"},
                       "CHANGE",
                       "Local change of volume",
                       "A test made it up",
                       10};

class Map : public testing::Test {
 protected:
  void SetUp() override {
    imaging::Volume<float> head(
        imaging::Grid{{4, 6, 8}, imaging::Affine{{{{0, 0, 1, -4}, {0, 1, 0, -3}, {1.2, 0, 0, -2}}}}}, 100.0F);
    source_ = describe(scratch_, *dicomize(head, {}));
    DicomizeOptions before;
    before.seed = "before";
    prior_ = describe(earlier_, *dicomize(head, before));
    values_ = imaging::Volume<float>(imaging::Grid{{4, 6, 8}, {}});
    for (std::size_t i = 48; i < 144; ++i) values_.voxels[i] = static_cast<float>(std::sin(double(i)) * 7);
  }
  Scratch scratch_, earlier_;
  SourceSeries source_, prior_;
  imaging::Volume<float> values_;
};

TEST_F(Map, PassesDciodvfy) {
  if (!have_dciodvfy()) GTEST_SKIP() << "dciodvfy (Debian: dicom3tools) is not installed";
  const auto with = write_map(source_, values_, kMeaning, &prior_, {}),
             without = write_map(source_, values_, kMeaning, nullptr, {});
  ASSERT_TRUE(with && without) << with.error().what;
  EXPECT_EQ(complaints_of_dciodvfy(scratch_, *with), "");
  EXPECT_EQ(complaints_of_dciodvfy(scratch_, *without), "");
}

/// DCMTK's own class for parametric maps, which knows nothing of ours.
TEST_F(Map, IsReadBackByDcmtkWithTheSameNumbersPlacesAndUnits) {
  const auto object = write_map(source_, values_, kMeaning, &prior_, {});
  ASSERT_TRUE(object) << object.error().what;
  const auto file = parse(object->bytes);
  ASSERT_TRUE(file);
  const auto read = DPMParametricMapIOD::loadDataset(*file->getDataset());
  auto* map = OFget<DPMParametricMapIOD*>(&read);
  ASSERT_TRUE(map) << OFget<OFCondition>(&read)->text();
  auto frames = (*map)->getFrames();
  auto* floats = OFget<DPMParametricMapIOD::Frames<Float32>>(&frames);
  ASSERT_TRUE(floats) << "the pixels are floats";
  auto& groups = (*map)->getFunctionalGroups();
  ASSERT_EQ(groups.getNumberOfFrames(), 2u) << "planes of zeros are left out";
  for (Uint32 k = 0; k < 2; ++k) {
    const float* frame = floats->getFrame(k);
    for (std::size_t i = 0; i < 48; ++i) EXPECT_EQ(frame[i], values_.voxels[(k + 1UL) * 48 + i]);
    OFBool per_frame = OFFalse;
    auto* position = OFstatic_cast(FGPlanePosPatient*, groups.get(k, DcmFGTypes::EFG_PLANEPOSPATIENT, per_frame));
    ASSERT_TRUE(position);
    Float64 x = 0, y = 0, z = 0;
    position->getImagePositionPatient(x, y, z);
    EXPECT_DOUBLE_EQ(z, source_.slices[k + 1].position[2]);
    auto* mapping =
        OFstatic_cast(FGRealWorldValueMapping*, groups.get(k, DcmFGTypes::EFG_REALWORLDVALUEMAPPING, per_frame));
    ASSERT_TRUE(mapping && !mapping->getRealWorldValueMapping().empty());
    auto& item = *mapping->getRealWorldValueMapping().front();
    OFString unit;
    item.getMeasurementUnitsCode().getCodeValue(unit);
    EXPECT_EQ(unit, "%");
  }
}

TEST_F(Map, NamesItsSourceImagesAndTheEarlierScan) {
  const auto object = write_map(source_, values_, kMeaning, &prior_, {});
  const auto file = parse(object->bytes);
  auto& d = *file->getDataset();
  EXPECT_EQ(text_at(d, DCM_FrameOfReferenceUID), source_.frame_of_reference);
  DcmItem *frame = nullptr, *derivation = nullptr, *image = nullptr, *study = nullptr, *shared = nullptr;
  ASSERT_TRUE(d.findAndGetSequenceItem(DCM_PerFrameFunctionalGroupsSequence, frame, 1).good());
  ASSERT_TRUE(frame->findAndGetSequenceItem(DCM_DerivationImageSequence, derivation).good());
  ASSERT_TRUE(derivation->findAndGetSequenceItem(DCM_SourceImageSequence, image).good());
  EXPECT_EQ(text_at(*image, DCM_ReferencedSOPInstanceUID), source_.slices[2].instance.str());
  ASSERT_TRUE(d.findAndGetSequenceItem(DCM_StudiesContainingOtherReferencedInstancesSequence, study).good());
  EXPECT_EQ(text_at(*study, DCM_StudyInstanceUID), prior_.study.str());
  ASSERT_TRUE(d.findAndGetSequenceItem(DCM_SharedFunctionalGroupsSequence, shared).good());
  ASSERT_TRUE(shared->findAndGetSequenceItem(DCM_ReferencedImageSequence, image).good());
  EXPECT_EQ(text_at(*image, DCM_ReferencedSOPInstanceUID), prior_.slices[0].instance.str());
}

TEST_F(Map, MapsItsNumbersToThemselves) {
  const auto file = parse(write_map(source_, values_, kMeaning, nullptr, {})->bytes);
  DcmItem *shared = nullptr, *mapping = nullptr;
  ASSERT_TRUE(file->getDataset()->findAndGetSequenceItem(DCM_SharedFunctionalGroupsSequence, shared).good());
  ASSERT_TRUE(shared->findAndGetSequenceItem(DCM_RealWorldValueMappingSequence, mapping).good());
  EXPECT_EQ(number_at(*mapping, DCM_RealWorldValueSlope), 1);
  EXPECT_EQ(number_at(*mapping, DCM_RealWorldValueIntercept), 0);
  const auto [low, high] = std::minmax_element(values_.voxels.begin(), values_.voxels.end());
  EXPECT_EQ(number_at(*mapping, DCM_DoubleFloatRealWorldValueFirstValueMapped), *low);
  EXPECT_EQ(number_at(*mapping, DCM_DoubleFloatRealWorldValueLastValueMapped), *high);
}

TEST_F(Map, IsNoLargerThanWhatItShowsAndKeepsItsPlace) {
  imaging::Volume<float> values(values_.grid);
  values(2, 1, 3) = 5;
  values(2, 3, 6) = -4;
  const auto file = parse(write_map(source_, values, kMeaning, nullptr, {})->bytes);
  auto& d = *file->getDataset();
  EXPECT_EQ(text_at(d, DCM_NumberOfFrames) + "x" + text_at(d, DCM_Rows) + "x" + text_at(d, DCM_Columns), "1x3x4");
  const Float32* pixels = nullptr;
  ASSERT_TRUE(d.findAndGetFloat32Array(DCM_FloatPixelData, pixels).good());
  EXPECT_EQ(pixels[0], 5);
  EXPECT_EQ(pixels[11], -4);
  DcmItem *frame = nullptr, *plane = nullptr;
  ASSERT_TRUE(d.findAndGetSequenceItem(DCM_PerFrameFunctionalGroupsSequence, frame).good());
  ASSERT_TRUE(frame->findAndGetSequenceItem(DCM_PlanePositionSequence, plane).good());
  for (unsigned long i = 0; i < 3; ++i)
    EXPECT_NEAR(number_at(*plane, DCM_ImagePositionPatient, i),
                source_.slices[2].position[i] + source_.row_spacing * source_.column_direction[i] +
                    3 * source_.column_spacing * source_.row_direction[i],
                1e-6);
}

TEST_F(Map, OfNoChangeAtAllIsAFrameOfZeros) {
  const auto object = write_map(source_, imaging::Volume<float>(values_.grid), kMeaning, nullptr, {});
  ASSERT_TRUE(object) << object.error().what;
  EXPECT_EQ(text_at(*parse(object->bytes)->getDataset(), DCM_NumberOfFrames), "1");
}

TEST_F(Map, RefusesWhatIsNoMapOfThisSeries) {
  auto broken = values_;
  broken.voxels[60] = NAN;
  EXPECT_EQ(write_map(source_, broken, kMeaning, nullptr, {}).error().code, Code::invalid);
  const imaging::Volume<float> other(imaging::Grid{{4, 6, 9}, {}}, 1.0F);
  EXPECT_EQ(write_map(source_, other, kMeaning, nullptr, {}).error().code, Code::invalid);
}

}  // namespace
}  // namespace larmor::dicom

#include "dicom/objects/seg.h"

#include <gtest/gtest.h>

#include "dicom/objects/seg_testing.h"

namespace larmor::dicom {
namespace {

TEST(Seg, NamesItsSeriesAndTheImageUnderEachFrame) {
  const auto c = make_case();
  const auto seg = write_seg(c->source, c->labels, {});
  const auto file = parse(seg->object.bytes);
  auto& d = *file->getDataset();
  DcmItem* series = nullptr;
  ASSERT_TRUE(d.findAndGetSequenceItem(DCM_ReferencedSeriesSequence, series).good());
  EXPECT_EQ(text_at(*series, DCM_SeriesInstanceUID), c->source.series.str());
  DcmSequenceOfItems* instances = nullptr;
  series->findAndGetSequence(DCM_ReferencedInstanceSequence, instances);
  EXPECT_EQ(instances->card(), c->source.slices.size());
  EXPECT_EQ(text_at(d, DCM_FrameOfReferenceUID), c->source.frame_of_reference);
  EXPECT_EQ(text_at(d, DCM_StudyInstanceUID), c->source.study.str());
  DcmItem *frame = nullptr, *derivation = nullptr, *image = nullptr, *position = nullptr;
  for (long f = 0; f < static_cast<long>(seg->frames); ++f) {
    ASSERT_TRUE(d.findAndGetSequenceItem(DCM_PerFrameFunctionalGroupsSequence, frame, f).good());
    frame->findAndGetSequenceItem(DCM_DerivationImageSequence, derivation);
    derivation->findAndGetSequenceItem(DCM_SourceImageSequence, image);
    frame->findAndGetSequenceItem(DCM_PlanePositionSequence, position);
    const auto wanted = text_at(*image, DCM_ReferencedSOPInstanceUID);
    const auto at = std::find_if(c->source.slices.begin(), c->source.slices.end(),
                                 [&](const SourceSlice& s) { return s.instance.str() == wanted; });
    ASSERT_NE(at, c->source.slices.end());
    for (int i = 0; i < 3; ++i) EXPECT_NEAR(number_at(*position, DCM_ImagePositionPatient, i), at->position[i], 1e-6);
  }
}

TEST(Seg, NamesTheFrameOfAMultiframeSource) {
  auto c = make_case();
  c->source.multiframe = true;
  const auto first = c->source.slices[0].instance;
  for (std::size_t k = 0; k < c->source.slices.size(); ++k) {
    c->source.slices[k].instance = first;
    c->source.slices[k].sop_class = SopClassUid(UID_EnhancedMRImageStorage);
    c->source.slices[k].frame = static_cast<int>(c->source.slices.size() - k);
  }
  const auto seg = write_seg(c->source, c->labels, {});
  const auto file = parse(seg->object.bytes);
  DcmItem *series = nullptr, *frame = nullptr, *derivation = nullptr, *image = nullptr;
  file->getDataset()->findAndGetSequenceItem(DCM_ReferencedSeriesSequence, series);
  DcmSequenceOfItems* instances = nullptr;
  series->findAndGetSequence(DCM_ReferencedInstanceSequence, instances);
  EXPECT_EQ(instances->card(), 1u) << "one object, however many frames";
  file->getDataset()->findAndGetSequenceItem(DCM_PerFrameFunctionalGroupsSequence, frame, 1);
  frame->findAndGetSequenceItem(DCM_DerivationImageSequence, derivation);
  derivation->findAndGetSequenceItem(DCM_SourceImageSequence, image);
  EXPECT_NE(text_at(*image, DCM_ReferencedFrameNumber), "");
  if (have_dciodvfy()) {
    EXPECT_EQ(complaints_of_dciodvfy(c->scratch, seg->object), "");
  }
}

TEST(Seg, LeavesOutSlicesWithoutTheStructureAndCodesSidesApart) {
  const auto c = make_case();
  const auto seg = write_seg(c->source, c->labels, {});
  ASSERT_EQ(seg->segments.size(), 3u);
  EXPECT_EQ(seg->segments[0].structure, 16);
  EXPECT_EQ(seg->frames, 2 + 2 * c->source.slices.size());
  const auto file = parse(seg->object.bytes);
  DcmItem *left = nullptr, *right = nullptr, *type = nullptr, *side = nullptr;
  file->getDataset()->findAndGetSequenceItem(DCM_SegmentSequence, left, 1);
  file->getDataset()->findAndGetSequenceItem(DCM_SegmentSequence, right, 2);
  EXPECT_EQ(text_at(*left, DCM_SegmentLabel), "Left hippocampus");
  left->findAndGetSequenceItem(DCM_SegmentedPropertyTypeCodeSequence, type);
  EXPECT_EQ(text_at(*type, DCM_CodeValue), "5366008");
  type->findAndGetSequenceItem(DCM_SegmentedPropertyTypeModifierCodeSequence, side);
  EXPECT_EQ(text_at(*side, DCM_CodeValue), "7771000");
  right->findAndGetSequenceItem(DCM_SegmentedPropertyTypeCodeSequence, type);
  type->findAndGetSequenceItem(DCM_SegmentedPropertyTypeModifierCodeSequence, side);
  EXPECT_EQ(text_at(*side, DCM_CodeValue), "24028007");
}

constexpr imaging::Code kAbnormal{"49755003", "SCT", "Morphologically Abnormal Structure"};
constexpr std::array kLesions = {FindingKind{1, "lesions", kAbnormal, {"old", "99TEST", "Lesions"}, {255, 106, 0}},
                                 FindingKind{2, "new lesions", kAbnormal, {"new", "99TEST", "New"}, {255, 0, 80}},
                                 FindingKind{3, "grown lesions", kAbnormal, {"grown", "99TEST", "Grown"}, {0, 9, 9}}};

TEST(Seg, LaysFindingsOverTheStructuresWithoutTakingAnythingFromThem) {
  for (const auto& shape : {kAlignedShape, kOddShape}) {
    const auto c = make_case(ViewPlane::axial, 20, shape);
    FindingsLayer findings{Labels(c->labels.grid), kLesions};
    findings.voxels.voxels[0] = 1;  // within a hippocampus
    findings.voxels.voxels.back() = 3;
    const auto plain = write_seg(c->source, c->labels, {}), seg = write_seg(c->source, c->labels, {}, findings);
    ASSERT_EQ(seg->segments.size(), 5u) << "no new lesions, no segment for them";
    EXPECT_EQ(seg->segments[1].voxels, plain->segments[1].voxels);
    EXPECT_EQ(seg->segments[3].voxels, 1u);
    EXPECT_EQ(seg->segments[3].structure, 0);
    EXPECT_EQ(seg->segments[4].number, 5);
    const auto file = parse(seg->object.bytes);
    DcmItem *grown = nullptr, *type = nullptr, *frame = nullptr, *position = nullptr;
    ASSERT_TRUE(file->getDataset()->findAndGetSequenceItem(DCM_SegmentSequence, grown, 4).good());
    EXPECT_EQ(text_at(*grown, DCM_SegmentLabel), "Grown lesions");
    grown->findAndGetSequenceItem(DCM_SegmentedPropertyTypeCodeSequence, type);
    EXPECT_EQ(text_at(*type, DCM_CodeValue), "grown");
    const auto last = static_cast<long>(plain->frames + 1);
    ASSERT_TRUE(file->getDataset()->findAndGetSequenceItem(DCM_PerFrameFunctionalGroupsSequence, frame, last).good());
    frame->findAndGetSequenceItem(DCM_PlanePositionSequence, position);
    EXPECT_NEAR(number_at(*position, DCM_ImagePositionPatient, 2), c->source.slices.back().position[2], 1e-6);
    if (have_dciodvfy()) {
      EXPECT_EQ(complaints_of_dciodvfy(c->scratch, seg->object), "");
    }
  }
}

TEST(Seg, IsTheSameObjectWhenMadeAgainAndAnotherForALaterGeneration) {
  const auto c = make_case();
  Maker later;
  later.generation = 2;
  const auto once = write_seg(c->source, c->labels, {}), again = write_seg(c->source, c->labels, {});
  const auto other = write_seg(c->source, c->labels, later);
  EXPECT_EQ(once->object.bytes, again->object.bytes);
  EXPECT_NE(once->object.instance, other->object.instance);
  EXPECT_NE(once->object.series, other->object.series);
  EXPECT_EQ(once->segments[0].tracking_uid, other->segments[0].tracking_uid) << "the structure is still the same one";
}

TEST(Seg, RefusesLabelsOfAnotherShapeOrWithoutACode) {
  auto c = make_case();
  EXPECT_EQ(write_seg(c->source, Labels(imaging::Grid{{2, 2, 2}, {}}, 17), {}).error().code, Code::invalid);
  auto empty = c->labels;
  std::fill(empty.voxels.begin(), empty.voxels.end(), 0);
  EXPECT_EQ(write_seg(c->source, empty, {}).error().code, Code::invalid);
  EXPECT_EQ(write_seg(c->source, c->labels, {}, {Labels(imaging::Grid{{2, 2, 2}, {}}, 1), kLesions}).error().code,
            Code::invalid);
  c->labels.voxels[0] = 99;
  EXPECT_EQ(write_seg(c->source, c->labels, {}).error().code, Code::invalid);
}

TEST(Seg, BeginsNoFrameInsideAByte) {
  for (const auto& [shape, type, bits] :
       {std::tuple{kAlignedShape, "BINARY", 1}, std::tuple{kOddShape, "FRACTIONAL", 8}}) {
    const auto c = make_case(ViewPlane::axial, 20, shape);
    const auto file = parse(write_seg(c->source, c->labels, {})->object.bytes);
    auto& d = *file->getDataset();
    EXPECT_EQ(text_at(d, DCM_SegmentationType), type);
    EXPECT_EQ(word_at(d, DCM_BitsAllocated), bits);
    EXPECT_EQ(word_at(d, DCM_Rows) * word_at(d, DCM_Columns) * bits % 8, 0);
  }
}

TEST(Seg, HasNoByteAfterTheLastFrame) {
  for (const auto& [shape, bits] : {std::pair{imaging::Shape{4, 5, 8}, 1u}, std::pair{kOddShape, 8u}}) {
    const auto c = make_case(ViewPlane::axial, 20, shape);
    const std::size_t slices = c->labels.shape()[0], area = c->labels.shape()[1] * c->labels.shape()[2];
    ASSERT_EQ(area * bits / 8 % 2, 1u);
    c->labels.voxels[area * 3 + 5] = 0;  // of the brain stem: leaves it on one slice, an odd number of frames
    const auto seg = write_seg(c->source, c->labels, {});
    EXPECT_EQ(seg->frames, 1 + 2 * slices + 1);
    const auto file = parse(seg->object.bytes);
    auto& d = *file->getDataset();
    EXPECT_EQ(text_at(d, DCM_NumberOfFrames), std::to_string(seg->frames));
    DcmElement* pixels = nullptr;
    Uint8* bytes = nullptr;
    d.findAndGetElement(DCM_PixelData, pixels);
    ASSERT_EQ(pixels->getLength(), seg->frames * area * bits / 8);
    pixels->getUint8Array(bytes);
    EXPECT_TRUE(std::all_of(bytes, bytes + area * bits / 8, [](Uint8 byte) { return byte == 0; })) << "the frame added";
    EXPECT_EQ(seg->segments[0].voxels, 1u);
    if (have_dciodvfy()) {
      EXPECT_EQ(complaints_of_dciodvfy(c->scratch, seg->object), "");
    }
  }
}

TEST(Seg, PassesDciodvfy) {
  if (!have_dciodvfy()) GTEST_SKIP() << "dciodvfy (Debian: dicom3tools) is not installed";
  for (const auto& shape : {kAlignedShape, kOddShape}) {
    const auto c = make_case(ViewPlane::axial, 20, shape);
    EXPECT_EQ(complaints_of_dciodvfy(c->scratch, write_seg(c->source, c->labels, {})->object), "");
  }
}

}  // namespace
}  // namespace larmor::dicom

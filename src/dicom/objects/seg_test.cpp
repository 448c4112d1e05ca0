#include "dicom/objects/seg.h"

#include <gtest/gtest.h>

#include <dcmtk/dcmiod/iodutil.h>
#include <dcmtk/dcmseg/segdoc.h>
#include <dcmtk/dcmseg/segment.h>
#include <dcmtk/dcmseg/segutils.h>

#include <cmath>
#include <cstdlib>
#include <set>

#include "dicom/objects/dicomize.h"
#include "dicom/objects/testing.h"
#include "dicom/series/load.h"
#include "imaging/structures.h"

namespace larmor::dicom {
namespace {

using imaging::Affine;
using imaging::Point;
using Labels = imaging::Volume<std::uint8_t>;

Affine oblique(double degrees) {
  const double c = std::cos(degrees * M_PI / 180), s = std::sin(degrees * M_PI / 180);
  return Affine{{{{0, -1.1 * s, 0.9 * c, -7}, {0, 1.1 * c, 0.9 * s, 3}, {2.0, 0, 0, 11}}}};
}

struct Case {
  Scratch scratch;
  SourceSeries source;
  Labels labels;
};

constexpr imaging::Shape kOddShape{6, 7, 9};      ///< frames begin in the middle of a byte
constexpr imaging::Shape kAlignedShape{4, 6, 8};  ///< in every plane a frame is a whole number of bytes

/// A head with a few structures, one of them on two slices only.
std::unique_ptr<Case> make_case(ViewPlane plane = ViewPlane::axial, double degrees = 20,
                                imaging::Shape shape = kOddShape) {
  imaging::Volume<float> head(imaging::Grid{shape, oblique(degrees)});
  for (std::size_t i = 0; i < head.size(); ++i) head.voxels[i] = static_cast<float>(i % 251);
  DicomizeOptions options;
  options.plane = plane;
  auto made = std::make_unique<Case>();
  made->source = describe(made->scratch, *dicomize(head, options));
  made->labels = Labels(imaging::Grid{{made->source.slices.size(), made->source.rows, made->source.columns}, {}});
  for (std::size_t i = 0; i < made->labels.size(); ++i) made->labels.voxels[i] = i % 3 == 0 ? 17 : i % 5 == 0 ? 53 : 0;
  const auto area = made->source.rows * made->source.columns;
  made->labels.voxels[area * 1 + 4] = 16;
  made->labels.voxels[area * 3 + 5] = 16;
  return made;
}

Point place(const SourceSeries& s, const Vector3& position, std::size_t row, std::size_t column) {
  Point p = position;
  for (int i = 0; i < 3; ++i)
    p[i] +=
        double(column) * s.column_spacing * s.row_direction[i] + double(row) * s.row_spacing * s.column_direction[i];
  return p;
}

/// (structure, place in micrometres) of every voxel that is set, read as PS3.5 8.1.1 orders the bits.
/// DCMTK's own reader has to agree, except where frames begin inside a byte: there 3.6.7 loses a frame's last byte.
std::set<std::array<long, 4>> voxels_as_read(const std::filesystem::path& file) {
  DcmSegmentation* loaded = nullptr;
  EXPECT_TRUE(DcmSegmentation::loadFile(file.c_str(), loaded).good());
  if (!loaded) return {};
  const std::unique_ptr<DcmSegmentation> seg(loaded);
  DcmFileFormat plain;
  plain.loadFile(file.c_str());
  auto& d = *plain.getDataset();
  const int rows = word_at(d, DCM_Rows), columns = word_at(d, DCM_Columns);
  DcmItem *shared = nullptr, *orientation = nullptr, *measures = nullptr;
  d.findAndGetSequenceItem(DCM_SharedFunctionalGroupsSequence, shared);
  shared->findAndGetSequenceItem(DCM_PlaneOrientationSequence, orientation);
  shared->findAndGetSequenceItem(DCM_PixelMeasuresSequence, measures);
  const Uint8* bits = nullptr;
  d.findAndGetUint8Array(DCM_PixelData, bits);
  std::set<std::array<long, 4>> found;
  for (std::size_t f = 0; f < seg->getNumberOfFrames(); ++f) {
    DcmItem *group = nullptr, *position = nullptr, *identification = nullptr;
    d.findAndGetSequenceItem(DCM_PerFrameFunctionalGroupsSequence, group, static_cast<long>(f));
    group->findAndGetSequenceItem(DCM_PlanePositionSequence, position);
    group->findAndGetSequenceItem(DCM_SegmentIdentificationSequence, identification);
    const int number = word_at(*identification, DCM_ReferencedSegmentNumber);
    OFString description;
    seg->getSegment(static_cast<std::size_t>(number))->getSegmentDescription(description);
    const long structure = std::atol(description.c_str() + description.rfind(' '));
    const std::unique_ptr<DcmIODTypes::Frame> frame(
        DcmSegUtils::unpackBinaryFrame(seg->getFrame(f), static_cast<Uint16>(rows), static_cast<Uint16>(columns)));
    for (int r = 0; r < rows; ++r)
      for (int c = 0; c < columns; ++c) {
        const std::size_t bit = f * rows * columns + r * columns + c;
        if (rows * columns % 8 == 0) {
          EXPECT_EQ(int(frame->pixData[r * columns + c]), bits[bit / 8] >> (bit % 8) & 1) << f << " " << r << " " << c;
        }
        if (!(bits[bit / 8] >> (bit % 8) & 1)) continue;
        std::array<long, 4> at{structure, 0, 0, 0};
        for (int i = 0; i < 3; ++i)
          at[i + 1] = std::lround(1000 * (number_at(*position, DCM_ImagePositionPatient, i) +
                                          c * number_at(*measures, DCM_PixelSpacing, 1) *
                                              number_at(*orientation, DCM_ImageOrientationPatient, i) +
                                          r * number_at(*measures, DCM_PixelSpacing, 0) *
                                              number_at(*orientation, DCM_ImageOrientationPatient, 3 + i)));
        found.insert(at);
      }
  }
  return found;
}

std::set<std::array<long, 4>> voxels_as_meant(const Case& c) {
  std::set<std::array<long, 4>> meant;
  for (std::size_t k = 0; k < c.labels.shape()[0]; ++k)
    for (std::size_t r = 0; r < c.labels.shape()[1]; ++r)
      for (std::size_t col = 0; col < c.labels.shape()[2]; ++col)
        if (const long id = c.labels(k, r, col)) {
          const auto p = place(c.source, c.source.slices[k].position, r, col);
          meant.insert({id, std::lround(1000 * p[0]), std::lround(1000 * p[1]), std::lround(1000 * p[2])});
        }
  return meant;
}

TEST(Seg, IsNotFlippedInAnyOrientation) {
  for (const auto plane : {ViewPlane::axial, ViewPlane::sagittal, ViewPlane::coronal})
    for (const double degrees : {0.0, 20.0, -41.0})
      for (const auto& shape : {kOddShape, kAlignedShape}) {
        auto c = make_case(plane, degrees, shape);
        if (degrees > 0) std::reverse(c->source.slices.begin(), c->source.slices.end());
        const auto seg = write_seg(c->source, c->labels, {});
        ASSERT_TRUE(seg) << seg.error().what;
        const auto read = voxels_as_read(c->scratch.write("seg.dcm", seg->object.bytes));
        EXPECT_EQ(read, voxels_as_meant(*c)) << "plane " << int(plane) << ", " << degrees << " degrees";
      }
}

/// Sparse labels, and where the volume's own affine says that they are.
std::pair<Labels, std::set<std::array<long, 4>>> scatter(const imaging::Grid& grid) {
  Labels labels(grid);
  std::set<std::array<long, 4>> meant;
  for (std::size_t i = 0; i < labels.size(); i += 997) labels.voxels[i] = i % 2 ? 17 : 53;
  for (std::size_t k = 0; k < grid.shape[0]; ++k)
    for (std::size_t r = 0; r < grid.shape[1]; ++r)
      for (std::size_t c = 0; c < grid.shape[2]; ++c)
        if (const long id = labels(k, r, c)) {
          const auto lps = imaging::flip_xy(grid.to_world({double(k), double(r), double(c)}));
          meant.insert({id, std::lround(1000 * lps[0]), std::lround(1000 * lps[1]), std::lround(1000 * lps[2])});
        }
  return {std::move(labels), std::move(meant)};
}

/// Rounding to micrometres may fall on either side.
void expect_same_places(const std::set<std::array<long, 4>>& read, const std::set<std::array<long, 4>>& meant) {
  ASSERT_EQ(read.size(), meant.size());
  for (const auto& m : meant) {
    bool near = false;
    for (long x = -1; x <= 1; ++x)
      for (long y = -1; y <= 1; ++y)
        for (long z = -1; z <= 1; ++z) near = near || read.count({m[0], m[1] + x, m[2] + y, m[3] + z});
    ASSERT_TRUE(near) << m[0] << " at " << m[1] << " " << m[2] << " " << m[3];
  }
}

TEST(Seg, LiesWhereTheNiftiFileHadTheVoxelsAfterDicomizeAndBack) {
  for (const auto plane : {ViewPlane::axial, ViewPlane::sagittal, ViewPlane::coronal}) {
    imaging::Volume<float> head(imaging::Grid{{24, 30, 27}, oblique(12)});
    for (std::size_t i = 0; i < head.size(); ++i) head.voxels[i] = static_cast<float>(i % 1000);
    DicomizeOptions options;
    options.plane = plane;
    const Scratch scratch;
    int n = 0;
    const auto slices = dicomize(head, options);
    ASSERT_TRUE(slices);
    for (const auto& slice : *slices) scratch.write(std::to_string(++n) + ".dcm", slice.bytes);
    const auto loaded = load_t1(scratch.path());
    ASSERT_TRUE(loaded) << loaded.error().what;
    const auto [labels, meant] = scatter(loaded->volume.grid);
    const auto seg = write_seg(loaded->source, labels, {});
    ASSERT_TRUE(seg) << seg.error().what;
    expect_same_places(voxels_as_read(scratch.write("seg.dcm", seg->object.bytes)), meant);
  }
}

TEST(Seg, LiesOnTheFramesOfAnEnhancedMultiframeHead) {
  const auto* shared = std::getenv("LARMOR_SHARED");
  const std::filesystem::path folder = std::filesystem::path(shared ? shared : "../shared") /
                                       "data/dicom/vendors/siemens_xa30_enhanced/In/6_anat-T1w_acq-tfl";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "the enhanced multiframe series is not in " << folder;
  const auto loaded = load_t1(folder);
  ASSERT_TRUE(loaded) << loaded.error().what;
  ASSERT_TRUE(loaded->source.multiframe);
  const auto [labels, meant] = scatter(loaded->volume.grid);
  const auto seg = write_seg(loaded->source, labels, {});
  ASSERT_TRUE(seg) << seg.error().what;
  const Scratch scratch;
  expect_same_places(voxels_as_read(scratch.write("seg.dcm", seg->object.bytes)), meant);
  if (have_dciodvfy()) {
    EXPECT_EQ(complaints_of_dciodvfy(scratch, seg->object), "");
  }
}

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
  c->labels.voxels[0] = 99;
  EXPECT_EQ(write_seg(c->source, c->labels, {}).error().code, Code::invalid);
}

TEST(Seg, PassesDciodvfy) {
  if (!have_dciodvfy()) GTEST_SKIP() << "dciodvfy (Debian: dicom3tools) is not installed";
  const auto c = make_case();
  EXPECT_EQ(complaints_of_dciodvfy(c->scratch, write_seg(c->source, c->labels, {})->object), "");
}

}  // namespace
}  // namespace larmor::dicom

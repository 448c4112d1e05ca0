/// Every voxel of a segmentation lies where the label was, read as other programs read it.
#include <gtest/gtest.h>

#include <dcmtk/dcmiod/iodutil.h>
#include <dcmtk/dcmseg/segdoc.h>
#include <dcmtk/dcmseg/segment.h>
#include <dcmtk/dcmseg/segutils.h>

#include <cstdlib>
#include <set>

#include "base/test_support.h"
#include "dicom/objects/seg_testing.h"
#include "dicom/series/load.h"

namespace larmor::dicom {
namespace {

using imaging::Point;

Point place(const SourceSeries& s, const Vector3& position, std::size_t row, std::size_t column) {
  Point p = position;
  for (int i = 0; i < 3; ++i)
    p[i] +=
        double(column) * s.column_spacing * s.row_direction[i] + double(row) * s.row_spacing * s.column_direction[i];
  return p;
}

/// (structure, place in micrometres) of every voxel that is set, read as PS3.5 8.1.1 orders the bits; DCMTK's own
/// reader has to agree.
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
  const Uint8* pixels = nullptr;
  d.findAndGetUint8Array(DCM_PixelData, pixels);
  const bool bits = word_at(d, DCM_BitsAllocated) == 1;
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
    const auto* frame = seg->getFrame(f);
    const std::unique_ptr<DcmIODTypes::Frame> unpacked(
        bits ? DcmSegUtils::unpackBinaryFrame(frame, static_cast<Uint16>(rows), static_cast<Uint16>(columns))
             : nullptr);
    if (bits) frame = unpacked.get();
    for (int r = 0; r < rows; ++r)
      for (int c = 0; c < columns; ++c) {
        const auto in_frame = static_cast<std::size_t>(r) * columns + c, at_pixel = f * rows * columns + in_frame;
        const int set = bits ? pixels[at_pixel / 8] >> (at_pixel % 8) & 1 : pixels[at_pixel];
        EXPECT_EQ(int(frame->pixData[in_frame]), set) << f << " " << r << " " << c;
        if (set == 0) continue;
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
  const auto folder = shared_data("dicom/vendors/siemens_xa30_enhanced/In/6_anat-T1w_acq-tfl");
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

}  // namespace
}  // namespace larmor::dicom

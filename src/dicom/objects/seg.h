#pragma once
/// Writes a label volume, and what was found on top of it, as one DICOM Segmentation (PS3.3 A.51): one segment per
/// structure and per finding, on the source's own planes, with one bit per voxel (BINARY) or, where rows times columns
/// is no multiple of 8, one byte (FRACTIONAL, all or none).
///
/// Only planes that show a structure become frames, and one that shows none where the pixel data's length would be odd.
/// Each frame has the position, the orientation and the spacing of the image that it lies on, names that image (or
/// frame), and shares its frame of reference, so that a viewer lays it over the source without any resampling; nothing
/// is flipped or reordered on the way. Reads the source's header once; otherwise pure. Any thread. Failures: `invalid`
/// (labels of another shape, unknown or no structures), `corrupt` (the source's file cannot be read).
#include <span>
#include <vector>

#include "base/result.h"
#include "dicom/objects/object.h"
#include "dicom/series/source.h"
#include "imaging/structures.h"
#include "imaging/volume.h"

namespace larmor::dicom {

/// What other objects need to point at a segment.
struct Segment {
  int structure = 0;         ///< FreeSurfer id; 0 of a finding
  std::uint16_t number = 0;  ///< from 1
  std::string tracking_id;   ///< "left hippocampus"
  std::string tracking_uid;  ///< the same for this structure of this series in every run
  std::size_t voxels = 0;
};

struct Segmentation {
  Object object;
  std::vector<Segment> segments;  ///< structures ascending, then findings ascending by their value
  std::size_t frames = 0;
};

/// What a voxel of the findings means.
struct FindingKind {
  std::uint8_t value = 0;
  std::string_view name;  ///< "new white-matter lesions"
  imaging::Code category, type;
  imaging::Rgb colour;
};

/// Findings lie over the structures and take nothing away from them.
struct FindingsLayer {
  imaging::Volume<std::uint8_t> voxels;  ///< 0 outside; empty where nothing was looked for
  std::span<const FindingKind> kinds;
};

/// `labels` has the shape (slices, rows, columns) of the source's volume and FreeSurfer ids as voxels, 0 outside; the
/// findings' voxels have the same shape.
Result<Segmentation> write_seg(const SourceSeries&, const imaging::Volume<std::uint8_t>& labels, const Maker&,
                               const FindingsLayer& = {});

}  // namespace larmor::dicom

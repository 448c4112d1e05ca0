#pragma once
/// From headers to a stack of planes: sorts, and refuses what is no single volume, with the reason. Pure.
#include "base/result.h"
#include "dicom/series/image.h"
#include "imaging/volume.h"

namespace larmor::dicom {

/// One plane and the file and frame that hold it.
struct Plane {
  std::size_t image = 0;  ///< index into SeriesImages::images
  std::size_t frame = 0;  ///< index into ImageHeader::frames
};

struct Stack {
  SourceSeries source;
  std::vector<Plane> planes;  ///< plane k is source.slices[k]
  imaging::Grid grid;         ///< (slice, row, column) -> mm, RAS+
};

/// Least number of slices that pass for a volume of a head.
inline constexpr std::size_t kFewestSlices = 20;

/// `unsupported`, with the reason in words: colour, no positions, planes of several directions (a localizer), several
/// images at one position (echoes, time points, phase), a gap, uneven or shifted slices, too few slices.
Result<Stack> stack(const SeriesImages&);

}  // namespace larmor::dicom

#pragma once
/// Pixels of MR images as numbers: any transfer syntax that DCMTK or OpenJPEG can decode, rescaled as the header says.
///
/// Failures: `corrupt` (truncated or damaged pixels), `unsupported` (a compression or pixel kind that is not read).
#include "base/result.h"
#include "dicom/series/image.h"

namespace larmor::dicom {

/// One frame of one file, handed to the function below in rising order.
struct WantedFrame {
  std::size_t frame = 0;  ///< index into ImageHeader::frames
  std::span<float> into;  ///< rows x columns
};

/// Fills every wanted frame with slope * stored + intercept. Padding becomes 0.
Result<void> read_frames(const ImageHeader&, std::span<const WantedFrame>);

}  // namespace larmor::dicom

#pragma once
/// Wraps a colour picture as a Secondary Capture image (PS3.3 A.8.1), which every workstation can show.
///
/// Reads the source's header once; otherwise pure. Any thread.
/// Failures: `invalid` (size and bytes of the picture disagree), `corrupt` (the source's file cannot be read).
#include <span>

#include "base/result.h"
#include "dicom/objects/object.h"
#include "dicom/series/source.h"

namespace larmor::dicom {

struct Picture {
  std::uint32_t width = 0, height = 0;  ///< at most 65535 each
  std::span<const std::uint8_t> rgb;    ///< three bytes per pixel, rows from the top, no padding
  std::string_view title;               ///< "axial"; goes into the image comments
  bool names_patient = false;           ///< the pixels show who it is (Burned In Annotation)
};

/// `number` from 1 tells the pictures of one series apart.
Result<Object> write_capture(const SourceSeries&, const Picture&, int number, const Maker&);

}  // namespace larmor::dicom

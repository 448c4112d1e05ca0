#pragma once
/// One JPEG 2000 code stream (ISO/IEC 15444-1) of one grey component, decoded by OpenJPEG.
///
/// Failures: `corrupt` with the library's own words; `unsupported` for several components or more than 16 bits.
#include <span>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace larmor::dicom {

/// rows x columns cells as DICOM stores them uncompressed (two's complement where the component is signed).
Result<std::vector<std::uint16_t>> decode_jpeg2000(Bytes, std::uint32_t rows, std::uint32_t columns);

}  // namespace larmor::dicom

#pragma once
/// One JPEG 2000 code stream (ISO/IEC 15444-1), read and written by OpenJPEG, which also reads the high-throughput kind
/// (HTJ2K, ISO/IEC 15444-15).
///
/// Failures: `corrupt` with the library's own words; `unsupported` for another number of components,
/// for components of different sizes, and for more than 16 bits.
#include <span>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace larmor::dicom {

/// Is a stream of this transfer syntax for decode_jpeg2000? HTJ2K too (PS3.5 A.4.4 and A.4.11).
bool is_jpeg2000(std::string_view transfer_syntax);

/// rows x columns x samples cells as DICOM stores them uncompressed, colour by pixel (two's complement where a
/// component is signed). A colour transform of the stream is undone.
Result<std::vector<std::uint16_t>> decode_jpeg2000(Bytes, std::uint32_t rows, std::uint32_t columns,
                                                   std::uint32_t samples = 1);

struct Jpeg2000Layout {
  std::uint32_t rows = 0, columns = 0, samples = 1;
  std::uint32_t bits = 16;  ///< of a value, 1 to 16
  bool is_signed = false;
};

/// Reversible, three colours through the reversible colour transform. `cells`: as decode_jpeg2000 gives them.
Result<std::string> encode_jpeg2000(std::span<const std::uint16_t> cells, const Jpeg2000Layout&);

}  // namespace larmor::dicom

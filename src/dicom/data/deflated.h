#pragma once
/// Deflated Explicit VR Little Endian (PS3.5 annex A.5): the data set is packed as RFC 1951 says, the front is not.
/// Pure.
#include "base/bytes.h"
#include "base/result.h"

namespace larmor::dicom {

constexpr std::string_view kDeflatedSyntax = "1.2.840.10008.1.2.1.99";

struct Inflated {
  std::vector<std::byte> bytes;
  bool whole = false;  ///< the packed data ended; otherwise it broke off, or there is more
};

/// What `packed` holds; it stops soon behind `most` bytes.
Inflated inflate(Bytes packed, std::size_t most);

/// A deflated file as one in Explicit VR Little Endian. `corrupt` where it breaks off, `too_large` beyond `most` bytes.
Result<std::vector<std::byte>> inflated_file(Bytes file, std::size_t most);

}  // namespace larmor::dicom

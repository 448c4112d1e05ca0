#pragma once
/// Where the frames of a stored object lie, without reading them (PS3.5 section 8 and annex A.4).
///
/// Failures: `not_found` (no pixel data), `unsupported` (frames that begin inside a byte), `corrupt` (the pixel data is
/// shorter than the header says, or its fragments fit no frames).
#include "net/http.h"
#include "services/storage/storage.h"

namespace larmor::storage {

struct PixelData {
  bool encapsulated = false;
  std::vector<std::vector<net::ByteRange>> frames;  ///< of each frame its bytes in the file, in one or more fragments
};

/// A deflated object is inflated before (inflated.h).
Result<PixelData> pixel_data(Object&, const InstanceRow&);

}  // namespace larmor::storage

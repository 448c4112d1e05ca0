#pragma once
/// The first bytes of a stored object, up to its pixel data.
#include "dicom/data/scan.h"
#include "services/storage/storage.h"

namespace larmor::storage {

struct Head {
  std::vector<std::byte> bytes;  ///< at least up to the pixel data where `header` reached it
  dicom::Header header;          ///< its views point into `bytes`
};

/// Reads in growing pieces, since most heads are short: 64 KiB first, 16 MiB at most. `wanted`: tags in ascending
/// order.
Result<Head> read_head(Object&, std::span<const dicom::Tag> wanted);

}  // namespace larmor::storage

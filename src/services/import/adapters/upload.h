#pragma once
/// Takes an uploaded file apart: one DICOM object, or a ZIP archive of them, streamed into storage without resting
/// anywhere.
#include "base/bytes.h"
#include "services/import/import.h"
#include "services/storage/storage.h"

namespace larmor::importing {

struct UploadBounds {
  std::uint64_t largest_file = std::uint64_t{4} << 30;
  std::int64_t most_files = 1'000'000;  ///< in one archive
};

/// What is no DICOM object is refused with its reason, and the rest goes on; DICOMDIR is passed over. An Error ends the
/// whole: storage is away or full, or the upload broke off.
Result<UploadReport> take_upload(const std::string& name, ByteSource&, const storage::Origin&, const UploadBounds&,
                                 storage::Storage&, const Call&);

}  // namespace larmor::importing

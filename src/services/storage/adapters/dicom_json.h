#pragma once
/// The header of a stored object as DICOM JSON (PS3.18 annex F), through DCMTK.
#include "services/storage/storage.h"

namespace larmor::storage {

/// Everything up to the pixel data, text in UTF-8. A binary value of more than 64 KiB is a BulkDataURI relative to the
/// object, "bulkdata/54000100.1.54001010" for that element in the first item of that sequence. `corrupt` when DCMTK
/// cannot read it.
Result<Json> dicom_json(Object&);

/// The value at such a place ("54000100.1.54001010"), little endian. `not_found` when there is none.
Result<std::string> bulk_value(Object&, std::string_view place);

}  // namespace larmor::storage

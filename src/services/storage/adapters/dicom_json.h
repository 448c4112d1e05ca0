#pragma once
/// The header of a stored object as DICOM JSON (PS3.18 annex F): straight from its bytes where they are as most are
/// (dicom/data/json.h), through DCMTK otherwise.
#include "dicom/data/json.h"
#include "services/storage/adapters/head.h"

namespace larmor::storage {

/// Everything up to the pixel data, text in UTF-8. A binary value of more than 64 KiB is a BulkDataURI behind `place`,
/// "bulkdata/54000100.1.54001010" for that element in the first item of that sequence. `corrupt` when DCMTK cannot read
/// it.
Result<dicom::HeaderJson> header_json(Object&, const std::string& place);
/// The same as a value, with BulkDataURIs relative to the object.
Result<Json> dicom_json(Object&);
/// The patient way: whatever DCMTK can read.
Result<Json> header_by_dcmtk(Head, const std::string& place);

/// The value at such a place ("54000100.1.54001010"), little endian. `not_found` when there is none.
Result<std::string> bulk_value(Object&, std::string_view place);

}  // namespace larmor::storage

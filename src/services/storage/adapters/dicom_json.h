#pragma once
/// The header of a stored object as DICOM JSON (PS3.18 annex F), through DCMTK.
#include "services/storage/storage.h"

namespace larmor::storage {

/// Everything up to the pixel data, text in UTF-8, without bulk data. `corrupt` when DCMTK cannot read it.
Result<Json> dicom_json(Object&);

}  // namespace larmor::storage

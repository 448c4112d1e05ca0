#pragma once
/// Attributes as DICOM JSON (PS3.18 10.4.1.1.2, annex F), and the values that are too long for it.
#include "net/http.h"
#include "services/storage/storage.h"

namespace larmor::storage {

Result<net::Response> metadata(Storage&, const net::Request&);
/// A long value that is no pixel data.
Result<net::Response> bulk_value(Storage&, const net::Request&);

}  // namespace larmor::storage

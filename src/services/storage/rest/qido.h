#pragma once
/// QIDO-RS (PS3.18 10.6): studies, series and instances by their attributes, as DICOM JSON or as multipart XML.
#include "net/http.h"
#include "services/storage/storage.h"

namespace larmor::storage {

std::vector<net::Route> qido_routes(Storage&);

}  // namespace larmor::storage

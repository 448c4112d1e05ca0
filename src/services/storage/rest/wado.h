#pragma once
/// WADO-RS (PS3.18 10.4): studies, series and instances as they are stored, their frames, metadata and bulk data;
/// in another transfer syntax where the caller names one (dicom/codec/transcode.h), and pictures of them.
#include "net/http.h"
#include "services/storage/storage.h"

namespace larmor::storage {

std::vector<net::Route> wado_routes(Storage&);

}  // namespace larmor::storage

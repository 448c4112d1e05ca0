#pragma once
/// WADO-RS (PS3.18 10.4): studies, series and instances as they are stored, their frames, metadata and bulk data.
/// Nothing is decoded or re-coded: who asks for another transfer syntax than the stored one gets 406.
#include "net/http.h"
#include "services/storage/storage.h"

namespace larmor::storage {

std::vector<net::Route> wado_routes(Storage&);

}  // namespace larmor::storage

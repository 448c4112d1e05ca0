#pragma once
/// Storage over REST; see api/events.md. An object's file has its digest as ETag and answers to ranges.
#include "net/http.h"
#include "services/storage/storage.h"

namespace larmor::storage {

/// The storage must outlive the routes.
std::vector<net::Route> routes(Storage&);

}  // namespace larmor::storage

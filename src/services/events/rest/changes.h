#pragma once
/// The feed of changes (core/changes.h) over REST: in Larmor's own words below /v1, and in Orthanc's at /changes.
#include "net/http.h"
#include "services/events/events.h"

namespace larmor::events {

/// The log must outlive the routes.
std::vector<net::Route> change_routes(EventLog&);

}  // namespace larmor::events

#pragma once
/// The event log over REST; see api/events.md.
#include "net/http.h"
#include "services/events/events.h"

namespace larmor::events {

/// The log must outlive the routes.
std::vector<net::Route> routes(EventLog&);

}  // namespace larmor::events

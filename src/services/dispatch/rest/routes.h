#pragma once
/// Dispatch over REST. The service must outlive the routes.
#include <vector>

#include "net/http.h"
#include "services/dispatch/dispatch.h"

namespace larmor::dispatch {

std::vector<net::Route> routes(Dispatch&);

}  // namespace larmor::dispatch

#pragma once
/// Routes of the program itself, beside those of its services: is it up, what is it, what can be asked of it.
#include <vector>

#include "base/json.h"
#include "net/http.h"

namespace larmor::app {

/// `about` is what /v1/version answers (api/schemas/version.json).
std::vector<net::Route> own_routes(Json about);

}  // namespace larmor::app

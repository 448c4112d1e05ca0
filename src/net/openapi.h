#pragma once
/// The OpenAPI 3.1 document of a set of routes: what `/openapi.json` answers and api/openapi.json holds. Pure.
#include <map>
#include <string>
#include <vector>

#include "net/http.h"

namespace larmor::net {

/// `schemas`: JSON schemas by the names that routes use; a reference from one to another is written "other.json", as in
/// api/schemas, and becomes one to components. Routes of {rest...} (files of the web application) are left out.
Json openapi(const std::vector<Route>& routes, const std::map<std::string, Json>& schemas, const std::string& version);

}  // namespace larmor::net

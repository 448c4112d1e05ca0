#pragma once
/// Import over REST. The service must outlive the routes.
#include "net/http.h"
#include "services/import/import.h"

namespace larmor::importing {

std::vector<net::Route> routes(Import&);

}  // namespace larmor::importing

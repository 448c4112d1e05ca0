#pragma once
/// Export over REST. The service must outlive the routes.
#include "net/http.h"
#include "services/export/export.h"

namespace larmor::exporting {

std::vector<net::Route> routes(Exporting&);

}  // namespace larmor::exporting

#pragma once
/// Processing over REST. The service must outlive the routes.
#include <vector>

#include "net/http.h"
#include "services/processing/processing.h"

namespace larmor::processing {

std::vector<net::Route> routes(Processing&);

}  // namespace larmor::processing

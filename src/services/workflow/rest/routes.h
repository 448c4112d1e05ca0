#pragma once
/// Workflow over REST. The service must outlive the routes.
#include <vector>

#include "net/http.h"
#include "services/workflow/workflow.h"

namespace larmor::workflow {

std::vector<net::Route> routes(Workflow&);

}  // namespace larmor::workflow

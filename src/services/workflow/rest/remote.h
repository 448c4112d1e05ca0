#pragma once
/// Workflow on another machine, over its REST API.
#include <memory>

#include "net/client.h"
#include "services/workflow/workflow.h"

namespace larmor::workflow {

std::unique_ptr<Workflow> connect(std::shared_ptr<net::Client>);

}  // namespace larmor::workflow

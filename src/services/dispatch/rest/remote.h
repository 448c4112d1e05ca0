#pragma once
/// Dispatch on another machine, over its REST API.
#include <memory>

#include "net/client.h"
#include "services/dispatch/dispatch.h"

namespace larmor::dispatch {

std::unique_ptr<Dispatch> connect(std::shared_ptr<net::Client>);

}  // namespace larmor::dispatch

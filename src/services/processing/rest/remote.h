#pragma once
/// Processing on another machine, over its REST API.
#include <memory>

#include "net/client.h"
#include "services/processing/processing.h"

namespace larmor::processing {

std::unique_ptr<Processing> connect(std::shared_ptr<net::Client>);

}  // namespace larmor::processing

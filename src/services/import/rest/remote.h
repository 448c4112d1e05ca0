#pragma once
/// Import of another process, over its REST API.
#include <memory>

#include "net/client.h"
#include "services/import/import.h"

namespace larmor::importing {

std::unique_ptr<Import> connect(std::shared_ptr<net::Client>);

}  // namespace larmor::importing

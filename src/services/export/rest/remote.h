#pragma once
/// Export of another process, over its REST API.
#include <memory>

#include "net/client.h"
#include "services/export/export.h"

namespace larmor::exporting {

std::unique_ptr<Exporting> connect(std::shared_ptr<net::Client>);

}  // namespace larmor::exporting

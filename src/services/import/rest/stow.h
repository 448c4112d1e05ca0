#pragma once
/// STOW-RS (PS3.18 10.5): objects come as the parts of one body, and each is answered for.
#include "net/http.h"
#include "services/import/import.h"

namespace larmor::importing {

std::vector<net::Route> stow_routes(Import&);

}  // namespace larmor::importing

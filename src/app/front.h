#pragma once
/// The browsers' listener: the routes of whatever the house holds, the web application, and the guard before them.
///
/// Owns the listener; the accounts lie in the house. Threads: made and ended by one. Failures: `invalid` names the
/// setting; an address that others can reach needs a certificate and somebody who can sign in.
#include <memory>
#include <set>
#include <string>

#include "app/own_routes.h"
#include "app/wiring.h"
#include "net/server.h"

namespace larmor::app {

class Front {
 public:
  /// Listens when it returns. `shown`: the services, here or elsewhere, whose routes it has. `self` is what
  /// the program tells of itself.
  static Result<std::unique_ptr<Front>> open(const Plan&, House&, const std::set<std::string>& shown, Self self);

 private:
  net::Router router_;
  std::unique_ptr<net::Server> server_;
};

}  // namespace larmor::app

#pragma once
/// Accounts over REST: the session of a browser, and what an administrator does. The service must outlive the routes.
///
/// There is no remote: accounts live where browsers come in, so that no request waits for another process to say who
/// asks.
#include "net/http.h"
#include "services/accounts/accounts.h"
#include "services/accounts/adapters/provider.h"

namespace larmor::accounts {

/// How people may sign in besides with a password. The provider must outlive the routes; null: not at all.
struct Elsewhere {
  Provider* provider = nullptr;
  std::string title;
};

std::vector<net::Route> routes(Accounts&, bool tls, const Elsewhere& = {});

}  // namespace larmor::accounts

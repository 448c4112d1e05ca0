#pragma once
/// Accounts over REST: the session of a browser, and what an administrator does. The service must outlive the routes.
///
/// There is no remote: accounts live where browsers come in, so that no request waits for another process to say who
/// asks.
#include "net/http.h"
#include "services/accounts/accounts.h"

namespace larmor::accounts {

std::vector<net::Route> routes(Accounts&, bool tls);

}  // namespace larmor::accounts

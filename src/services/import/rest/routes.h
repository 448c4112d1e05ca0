#pragma once
/// Import over REST. The service must outlive the routes.
#include "net/http.h"
#include "services/import/import.h"

namespace larmor::importing {

std::vector<net::Route> routes(Import&);

/// Who signed in, or the service that asks; `unknown` where nobody has to say.
std::string sender(const net::Request&, const char* unknown);

/// A CD over a slow line takes its time, unless the caller says otherwise.
Call patient(const net::Request&);

}  // namespace larmor::importing

#include "app/own_routes.h"

#include "app/wiring.h"

namespace larmor::app {

std::vector<net::Route> own_routes(Json about) {
  const auto health = [](const net::Request&) -> Result<net::Response> {
    return net::json_response({{"status", "ok"}});
  };
  const auto version = [about = std::move(about)](const net::Request&) -> Result<net::Response> {
    return net::json_response(about);
  };
  const auto openapi = [](const net::Request&) -> Result<net::Response> {
    static const Json document = openapi_document();
    return net::json_response(document);
  };
  using enum net::Method;
  using net::Scope;
  return {{get, "/v1/health", Scope::open, "Is the process up?", health, "health", "", 200},
          {get, "/v1/version", Scope::read, "Name and version, and how a PACS reaches it", version, "version", "", 200},
          {get, "/openapi.json", Scope::read, "This document", openapi, "", "", 200}};
}

}  // namespace larmor::app

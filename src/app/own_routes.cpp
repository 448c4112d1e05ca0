#include "app/own_routes.h"

#include "app/wiring.h"

namespace larmor::app {

std::vector<net::Route> own_routes(Self self) {
  const auto health = [](const net::Request&) -> Result<net::Response> {
    return net::json_response({{"status", "ok"}});
  };
  const auto version = [about = std::move(self.about)](const net::Request&) -> Result<net::Response> {
    return net::json_response(about);
  };
  const auto settings = [settings = std::move(self.settings)](const net::Request&) -> Result<net::Response> {
    return net::json_response(settings);
  };
  const auto check = [check = std::move(self.check)](const net::Request& request) -> Result<net::Response> {
    const auto body = TRY(request.json());
    return net::json_response(check(TRY(member<std::map<std::string, std::string>>(body, "values"))));
  };
  const auto examination = [examine = std::move(self.examine)](const net::Request&) -> Result<net::Response> {
    return net::json_response(examine());
  };
  const auto openapi = [](const net::Request&) -> Result<net::Response> {
    static const Json document = openapi_document();
    return net::json_response(document);
  };
  using enum net::Method;
  using net::Scope;
  return {{get, "/v1/health", Scope::open, "Is the process up?", health, "health", "", 200},
          {get, "/v1/version", Scope::read, "Name and version, and how a PACS reaches it", version, "version", "", 200},
          {get, "/v1/settings", Scope::operate,
           "Every setting: its value, where that came from, its bounds and why it is there", settings, "setting_list"},
          {post, "/v1/settings/checks", Scope::operate,
           "Looks at other settings as `larmor check` does; writes nothing and changes nothing", check, "examination",
           "new_settings"},
          {get, "/v1/examination", Scope::operate, "Looks for what is wrong, now, and says what mends it", examination,
           "examination"},
          {get, "/openapi.json", Scope::read, "This document", openapi, "", "", 200}};
}

}  // namespace larmor::app

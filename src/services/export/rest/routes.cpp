#include "services/export/rest/routes.h"

#include "services/export/rest/codec.h"

namespace larmor::exporting {
namespace {

Result<net::Response> list(Exporting& exporting, const net::Request& request) {
  Json items = Json::array();
  for (const auto& view : TRY(exporting.destinations(request.call()))) items.push_back(to_json(view));
  return net::json_response({{"items", std::move(items)}, {"next", ""}});
}

Result<net::Response> echo(Exporting& exporting, const net::Request& request) {
  return net::json_response(to_json(TRY(exporting.echo(request.capture("destination"), request.call()))));
}

Result<net::Response> deliver(Exporting& exporting, const net::Request& request) {
  const auto wanted = TRY(new_delivery_from_json(TRY(request.json())));
  const auto job = TRY(exporting.send(wanted.study, wanted.instances, request.capture("destination"), request.call()));
  auto response = net::json_response({{"job", job}}, 202);
  response.headers.emplace("location", "/v1/jobs/" + job.str());
  return response;
}

}  // namespace

std::vector<net::Route> routes(Exporting& exporting) {
  using enum net::Method;
  using net::Scope;
  const auto with = [&exporting](auto handler) {
    return [&exporting, handler](const net::Request& request) { return handler(exporting, request); };
  };
  return {
      {get, "/v1/destinations", Scope::read, "Where results are sent, what waits for each, and its last error",
       with(list), "destination_list"},
      {post, "/v1/destinations/{destination}/echoes", Scope::operate, "Greet a destination now (C-ECHO)", with(echo),
       "echo_report"},
      {post, "/v1/destinations/{destination}/deliveries", Scope::operate,
       "Put instances of a study into a destination's queue", with(deliver), "accepted_job", "new_delivery", 202},
  };
}

}  // namespace larmor::exporting

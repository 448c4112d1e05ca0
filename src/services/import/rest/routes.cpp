#include "services/import/rest/routes.h"

#include "services/import/rest/codec.h"

namespace larmor::importing {
namespace {

const net::Text kName("name", "What the file was called; the report names it");

template <class View>
net::Response list_of(const std::vector<View>& views) {
  Json items = Json::array();
  for (const auto& view : views) items.push_back(to_json(view));
  return net::json_response({{"items", std::move(items)}, {"next", ""}});
}

/// A CD over a slow line takes its time, unless the caller says otherwise.
Call patient(const net::Request& request) {
  auto call = request.call();
  if (!request.header("larmor-timeout-ms")) call.deadline = std::chrono::steady_clock::now() + 3600s;
  return call;
}

Result<net::Response> upload(Import& import, const net::Request& request) {
  const auto name = TRY(kName.in(request)).value_or("upload");
  const auto user = request.peer.empty() ? std::string("browser") : request.peer;
  return net::json_response(to_json(TRY(import.upload(name, *request.body, user, patient(request)))));
}

}  // namespace

std::vector<net::Route> routes(Import& import) {
  using enum net::Method;
  using net::Scope;
  return {
      {get, "/v1/associations", Scope::read, "DICOM associations that are open now",
       [&import](const net::Request& r) -> Result<net::Response> {
         return list_of(TRY(import.associations(r.call())));
       },
       "association_list"},
      {get, "/v1/arrivals", Scope::read, "Studies that are still arriving, and what each waits for",
       [&import](const net::Request& r) -> Result<net::Response> { return list_of(TRY(import.arrivals(r.call()))); },
       "arrival_list"},
      {post,
       "/v1/uploads",
       Scope::operate,
       "Take a DICOM file or a ZIP archive of them in",
       [&import](const net::Request& r) { return upload(import, r); },
       "upload_report",
       "",
       200,
       {kName}},
  };
}

}  // namespace larmor::importing

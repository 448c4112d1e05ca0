#include "services/import/rest/routes.h"

#include "services/import/rest/codec.h"
#include "services/import/rest/stow.h"

namespace larmor::importing {
namespace {

const net::Text kName("name", "What the file was called; the report names it");
const auto kContentType = net::required(net::Text("content_type", "Of the multipart body, with its boundary"));
const net::Text kStudy("study", "That all objects must belong to; nothing for any");
const net::Text kUser("user", "Who sent them");
const net::Text kAddress("address", "Network address that they came from");

template <class View>
net::Response list_of(const std::vector<View>& views) {
  Json items = Json::array();
  for (const auto& view : views) items.push_back(to_json(view));
  return net::json_response({{"items", std::move(items)}, {"next", ""}});
}

Result<net::Response> upload(Import& import, const net::Request& request) {
  const auto name = TRY(kName.in(request)).value_or("upload");
  return net::json_response(
      to_json(TRY(import.upload(name, *request.body, sender(request, "browser"), patient(request)))));
}

/// A service says for whom it asks.
Result<net::Response> upload_for(Import& import, const net::Request& request) {
  const auto name = TRY(kName.in(request)).value_or("upload");
  const auto user = TRY(kUser.in(request)).value_or(request.peer);
  return net::json_response(to_json(TRY(import.upload(name, *request.body, user, patient(request)))));
}

/// The body is what the sender sent and nothing else, so the rest travels in the query.
Result<net::Response> store(Import& import, const net::Request& request) {
  const Batch batch{TRY(kContentType.in(request)).value_or(""), StudyUid(TRY(kStudy.in(request)).value_or("")),
                    TRY(kUser.in(request)).value_or(request.peer),
                    TRY(kAddress.in(request)).value_or(request.remote_address)};
  return net::json_response(to_json(TRY(import.store(batch, *request.body, patient(request)))));
}

}  // namespace

Call patient(const net::Request& request) {
  auto call = request.call();
  if (!request.header("larmor-timeout-ms")) call.deadline = std::chrono::steady_clock::now() + 3600s;
  return call;
}

std::string sender(const net::Request& r, const char* unknown) {
  return !r.caller.empty() ? r.caller : !r.peer.empty() ? r.peer : unknown;
}

std::vector<net::Route> routes(Import& import) {
  using enum net::Method;
  using net::Scope;
  std::vector<net::Route> all = {
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
      {post,
       "/v1/files",
       Scope::peer,
       "Take a DICOM file or a ZIP archive of them in, for somebody",
       [&import](const net::Request& r) { return upload_for(import, r); },
       "upload_report",
       "",
       200,
       {kName, kUser}},
      {post,
       "/v1/batches",
       Scope::peer,
       "Take the objects of a multipart body in",
       [&import](const net::Request& r) { return store(import, r); },
       "store_report",
       "",
       200,
       {kContentType, kStudy, kUser, kAddress}},
  };
  for (auto& route : stow_routes(import)) all.push_back(std::move(route));
  return all;
}

}  // namespace larmor::importing

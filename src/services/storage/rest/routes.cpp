#include "services/storage/rest/routes.h"

#include <algorithm>

#include "services/storage/rest/codec.h"
#include "services/storage/rest/file.h"
#include "services/storage/rest/qido.h"
#include "services/storage/rest/wado.h"

namespace larmor::storage {
namespace {

using net::Request;
using net::Response;

const net::Text kWords("q", "Words, each in the patient's name or ID, the accession number or the description");
const net::Text kFrom("from", "Only studies of this day or later, YYYYMMDD");
const net::Text kTo("to", "Only studies of this day or earlier, YYYYMMDD");
const net::Text kModality("modality", "Only studies with a series of this modality, such as MR");
const net::Text kAfter("after", "`next` of the page before; nothing for the first page");
const net::Whole kLimit("limit", 1, 1000, StudyQuery{}.limit, "At most so many");
const net::Whole kInstanceLimit("limit", 1, 1000, InstanceQuery{}.limit, "At most so many");
const net::Text kWay("way", "How it came: c-store, stow-rs, upload, result");
const net::Text kSender("sender", "Application entity or user that sent it");
const net::Text kAddress("address", "Network address that it came from");
const net::Text kAssociation("association", "The DICOM association that it came over");

/// Empty, or eight digits.
Result<std::string> day_in(const net::Text& row, const Request& r) {
  auto day = TRY(row.in(r)).value_or("");
  if (day.empty() || (day.size() == 8 && std::ranges::all_of(day, [](char c) { return c >= '0' && c <= '9'; })))
    return day;
  return fail_with({Code::invalid, fmt::format("the query parameter '{}' is no day: {}", row.name, day),
                    "Write it as YYYYMMDD, for example 20261127.", row.name});
}

Result<Response> studies(Storage& storage, const Request& r) {
  StudyQuery query;
  query.text = TRY(kWords.in(r)).value_or("");
  query.from = TRY(day_in(kFrom, r));
  query.to = TRY(day_in(kTo, r));
  query.modality = TRY(kModality.in(r)).value_or("");
  query.after = TRY(kAfter.in(r)).value_or("");
  query.limit = static_cast<int>(TRY(kLimit.in(r)));
  return net::json_response(to_json(TRY(storage.studies(query, r.call()))));
}

Result<Response> study(Storage& storage, const Request& r) {
  return net::json_response(to_json(TRY(storage.study(StudyUid(r.capture("study")), r.call()))));
}

Result<Response> series(Storage& storage, const Request& r) {
  Json items = Json::array();
  for (const auto& row : TRY(storage.series(StudyUid(r.capture("study")), r.call()))) items.push_back(to_json(row));
  return net::json_response({{"items", std::move(items)}, {"next", ""}});
}

Result<Response> instances(Storage& storage, const Request& r) {
  const InstanceQuery query{StudyUid(r.capture("study")), SeriesUid(r.capture("series")),
                            TRY(kAfter.in(r)).value_or(""), static_cast<int>(TRY(kInstanceLimit.in(r)))};
  return net::json_response(to_json(TRY(storage.instances(query, r.call()))));
}

Result<Response> instance(Storage& storage, const Request& r) {
  return net::json_response(to_json(TRY(storage.instance(SopUid(r.capture("instance")), r.call()))));
}

Result<Response> header(Storage& storage, const Request& r) {
  return net::json_response(TRY(storage.header(SopUid(r.capture("instance")), r.call())));
}

Result<Response> file(Storage& storage, const Request& r) {
  return file_answer(storage, TRY(storage.instance(SopUid(r.capture("instance")), r.call())), r);
}

/// The origin travels in the query, since the body is the object and nothing else.
Result<Response> keep(Storage& storage, const Request& r) {
  const Origin origin{TRY(kWay.in(r)).value_or("upload"), TRY(kSender.in(r)).value_or(r.peer),
                      TRY(kAddress.in(r)).value_or(r.remote_address), TRY(kAssociation.in(r)).value_or("")};
  const auto receipt = TRY(storage.put(*r.body, origin, r.call()));
  return net::created("/v1/instances/" + net::encode(receipt.instance.str()), to_json(receipt));
}

Result<Response> find(Storage& storage, const Request& r) {
  auto response = net::json_response({});
  response.body = to_text(TRY(storage.find(TRY(dicom::query_from_json(TRY(r.json()))), r.call())));
  return response;
}

Result<Response> health(Storage& storage, const Request& r) {
  return net::json_response(to_json(TRY(storage.health(r.call()))));
}

}  // namespace

std::vector<net::Route> routes(Storage& storage) {
  using enum net::Method;
  using net::Scope;
  const auto with = [&storage](auto handler) {
    return [&storage, handler](const Request& request) { return handler(storage, request); };
  };
  std::vector<net::Route> all = {
      {get,
       "/v1/studies",
       Scope::read,
       "Studies, newest first",
       with(studies),
       "study_page",
       "",
       200,
       {kWords, kFrom, kTo, kModality, kAfter, kLimit}},
      {get, "/v1/studies/{study}", Scope::read, "One study", with(study), "study"},
      {get, "/v1/studies/{study}/series", Scope::read, "The series of a study", with(series), "series_list"},
      {get,
       "/v1/studies/{study}/series/{series}/instances",
       Scope::read,
       "The instances of a series",
       with(instances),
       "instance_page",
       "",
       200,
       {kAfter, kInstanceLimit}},
      {get, "/v1/instances/{instance}", Scope::read, "One instance", with(instance), "instance"},
      {get, "/v1/instances/{instance}/header", Scope::read, "Its attributes as DICOM JSON, without bulk data",
       with(header), "header"},
      {get, "/v1/instances/{instance}/file", Scope::read, "Its bytes; ranges and If-None-Match are honoured",
       with(file)},
      {post,
       "/v1/instances",
       Scope::peer,
       "Keep a DICOM file safely; the query says where it came from",
       with(keep),
       "receipt",
       "",
       201,
       {kWay, kSender, kAddress, kAssociation}},
      {post, "/v1/find", Scope::peer, "Attribute sets by the DICOM information model; a page", with(find), "found_page",
       "query"},
      {get, "/v1/storage", Scope::read, "Room left, and what is kept", with(health), "storage_health"},
  };
  for (const auto& more : {qido_routes(storage), wado_routes(storage)}) all.insert(all.end(), more.begin(), more.end());
  return all;
}

}  // namespace larmor::storage

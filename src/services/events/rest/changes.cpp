#include "services/events/rest/changes.h"

#include "services/events/core/changes.h"
#include "services/events/rest/stream.h"

namespace larmor::events {
namespace {

const net::Whole kSince("since", 0, kLastSeq, 0, "Only changes with a greater number: `last` of the answer before");
const net::Whole kLimit("limit", 1, 1000, 100, "At most so many");
const net::Texts kType = [] {
  net::Texts row("type", "Only this type. Several times: any of them");
  row.schema["enum"] = change_types();
  return row;
}();
const net::Number kWait("wait_s", 0, 60, 0, "Wait so long for one where there is none yet");
const net::Text kLast("last", "Only the newest change, whatever the other parameters say");

struct Asked {
  Seq since = 0;
  int limit = 100;
  std::vector<std::string> types;
  Duration wait{0};
};

struct ChangePage {
  std::vector<Change> changes;
  Seq last = 0;      ///< where to go on
  bool done = true;  ///< there was nothing behind when the page was read
};

/// Looks at no more than limit + 1 events: each makes a change unless `types` leaves it out, and then the page is short
/// and not done.
Result<ChangePage> read(EventLog& log, const Asked& asked, const Call& call) {
  Query query;
  query.after = read_whole_up_to(asked.since);
  query.types = events_of_changes(asked.types);
  query.limit = asked.limit + 1;
  query.wait = asked.wait;
  const auto page = TRY(log.read(query, call));
  const bool all = page.events.size() <= static_cast<std::size_t>(asked.limit);
  ChangePage found{.last = end_of(all ? page.last : page.events.back().seq), .done = all};
  for (const auto& event : page.events)
    for (auto& change : changes_of(event, asked.types)) {
      if (change.seq <= asked.since) continue;
      if (found.changes.size() == static_cast<std::size_t>(asked.limit)) {
        found.done = false;
        found.last = found.changes.back().seq;
        return found;
      }
      found.changes.push_back(std::move(change));
    }
  if (found.done && !found.changes.empty()) found.last = found.changes.back().seq;
  return found;
}

Result<ChangePage> read_newest(EventLog& log, const Call& call) {
  const auto page = TRY(log.read({.newest_first = true, .limit = 1, .types = events_of_changes({})}, call));
  ChangePage found;
  if (page.events.empty()) return found;
  found.changes = {changes_of(page.events.front(), {}).back()};
  found.last = found.changes.back().seq;
  return found;
}

Json to_json(const Change& change) {
  return {{"seq", change.seq}, {"type", change.type}, {"resource", change.resource},
          {"uid", change.id},  {"path", change.path}, {"at", to_rfc3339(change.at)}};
}

/// "20261127T082357", in UTC as Orthanc writes it.
std::string compact(Time at) {
  auto text = to_rfc3339(at).substr(0, std::string_view("2026-11-27T08:23:57").size());
  std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
  return text;
}

Json as_orthanc(const ChangePage& page) {
  Json changes = Json::array();
  for (const auto& c : page.changes)
    changes.push_back({{"ChangeType", c.type},
                       {"Date", compact(c.at)},
                       {"ID", c.id},
                       {"Path", c.path},
                       {"ResourceType", c.resource},
                       {"Seq", c.seq}});
  return {{"Changes", std::move(changes)}, {"Done", page.done}, {"Last", page.last}};
}

Result<Asked> asked_by(const net::Request& request) {
  Asked asked;
  asked.since = TRY(kSince.in(request));
  asked.limit = static_cast<int>(TRY(kLimit.in(request)));
  return asked;
}

Result<net::Response> list(EventLog& log, const net::Request& request) {
  auto asked = TRY(asked_by(request));
  asked.types = TRY(kType.in(request));
  asked.wait = Duration(static_cast<std::int64_t>(TRY(kWait.in(request)) * 1e6));
  const auto page = TRY(read(log, asked, request.call()));
  Json items = Json::array();
  for (const auto& change : page.changes) items.push_back(to_json(change));
  return net::json_response({{"items", std::move(items)}, {"last", page.last}, {"done", page.done}});
}

Result<net::Response> orthanc_list(EventLog& log, const net::Request& request) {
  if (request.parameter(kLast.name)) return net::json_response(as_orthanc(TRY(read_newest(log, request.call()))));
  return net::json_response(as_orthanc(TRY(read(log, TRY(asked_by(request)), request.call()))));
}

Result<net::Response> stream(EventLog& log, const net::Request& request) {
  Asked asked;
  asked.types = TRY(kType.in(request));
  asked.limit = 1000;
  const auto seen = TRY(last_seen(request));
  asked.since = seen ? *seen : TRY(kSince.in(request));
  if (!seen && !request.parameter(kSince.name)) asked.since = end_of(TRY(newest(log, request.call())));
  net::Response response;
  response.events = net::EventStream{[&log, asked]() mutable -> Result<std::string> {
    const auto page = TRY(read(log, asked, Call::within(5s)));
    std::string text;
    for (const auto& change : page.changes) text += frame(change.seq, to_json(change));
    asked.since = std::max(asked.since, page.last);
    return text;
  }};
  return response;
}

}  // namespace

std::vector<net::Route> change_routes(EventLog& log) {
  using enum net::Method;
  using net::Scope;
  const auto with = [&log](auto handler) {
    return [&log, handler](const net::Request& request) { return handler(log, request); };
  };
  return {
      {get,
       "/v1/changes",
       Scope::read,
       "What is new and what is complete, of patients, studies, series and instances, in order",
       with(list),
       "change_page",
       "",
       200,
       {kSince, kLimit, kType, kWait}},
      {get,
       "/v1/changes/stream",
       Scope::read,
       "The same as it happens (server-sent events)",
       with(stream),
       "text/event-stream",
       "",
       200,
       {kSince, kType}},
      {get,
       "/changes",
       Scope::read,
       "The same as Orthanc answers it, for programs that know Orthanc's",
       with(orthanc_list),
       "orthanc_changes",
       "",
       200,
       {kSince, kLimit, kLast}},
  };
}

}  // namespace larmor::events

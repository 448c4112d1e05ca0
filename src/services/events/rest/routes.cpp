#include "services/events/rest/routes.h"

#include "services/events/rest/changes.h"
#include "services/events/rest/codec.h"
#include "services/events/rest/stream.h"

namespace larmor::events {
namespace {

constexpr std::size_t kLargestBody = std::size_t{32} << 20;

const net::Whole kAfter("after", 0, kLastSeq, Query{}.after, "Only events with a greater number");
const net::Whole kBefore("before", 0, kLastSeq, Query{}.before, "Only events with a smaller number; 0 for any");
const net::Word kOrder("order", {"rising", "falling"}, "By number; `falling` gives the newest, and never waits");
const net::Text kStudy("study", "Only events about this study");
const net::Texts kType("type", "Only this type; `job.` stands for all that begin so. Several times: any of them");
const net::Texts kField(
    "field",
    "Only events that say so: `NAME:VALUE`, where NAME is `service`, `key` or a field of api/events.md, "
    "and of a list one element is VALUE. Several times: all of them");
const net::Whole kLimit("limit", 1, 5000, Query{}.limit, "At most so many");
const net::Number kWait("wait_s", 0, 60, 0, "Wait so long for one where there is none yet");

Result<FieldIs> field_of(const std::string& said) {
  const auto colon = said.find(':');
  if (colon == 0 || colon == std::string::npos)
    return fail_with({Code::invalid, fmt::format("the query parameter 'field' is not NAME:VALUE: '{}'", said),
                      "For instance field=rule:brain-t1.", "field"});
  return FieldIs{said.substr(0, colon), said.substr(colon + 1)};
}

/// What both the list and the stream choose by.
Result<Query> choice_of(const net::Request& request) {
  Query query;
  query.study = StudyUid(TRY(kStudy.in(request)).value_or(""));
  query.types = TRY(kType.in(request));
  for (const auto& said : TRY(kField.in(request))) query.fields.push_back(TRY(field_of(said)));
  return query;
}

Result<net::Response> list(EventLog& log, const net::Request& request) {
  auto query = TRY(choice_of(request));
  query.after = TRY(kAfter.in(request));
  query.before = TRY(kBefore.in(request));
  query.newest_first = TRY(kOrder.in(request)) == "falling";
  query.limit = static_cast<int>(TRY(kLimit.in(request)));
  query.wait = Duration(static_cast<std::int64_t>(TRY(kWait.in(request)) * 1e6));
  return net::json_response(to_json(TRY(log.read(query, request.call()))));
}

/// A browser that comes back names the last event that it saw; one that comes first sees what happens from now on.
Result<Seq> start_of(EventLog& log, const net::Request& request) {
  if (const auto seen = TRY(last_seen(request))) return *seen;
  return request.parameter(kAfter.name) ? kAfter.in(request) : newest(log, request.call());
}

Result<net::Response> stream(EventLog& log, const net::Request& request) {
  auto query = TRY(choice_of(request));
  query.after = TRY(start_of(log, request));
  net::Response response;
  response.events = net::EventStream{[&log, query]() mutable -> Result<std::string> {
    const auto page = TRY(log.read(query, Call::within(5s)));
    std::string text;
    for (const auto& event : page.events) text += frame(event.seq, to_json(event));
    query.after = page.next > 0 ? page.next : std::max(query.after, page.last);
    return text;
  }};
  return response;
}

Result<net::Response> append(EventLog& log, const net::Request& request) {
  const auto body = TRY(request.json(kLargestBody));
  std::vector<NewEvent> events;
  for (const auto& item : TRY(member<Json>(body, "items"))) events.push_back(TRY(new_event_from_json(item)));
  const auto last = TRY(log.append(events, request.call()));
  return net::created(fmt::format("/v1/events?after={}&limit=1", std::max<Seq>(last - 1, 0)), {{"last", last}});
}

Result<net::Response> show_cursor(EventLog& log, const net::Request& request) {
  const auto reader = request.capture("reader");
  return net::json_response({{"reader", reader}, {"seq", TRY(log.cursor(reader, request.call()))}});
}

Result<net::Response> move_cursor(EventLog& log, const net::Request& request) {
  const auto reader = request.capture("reader");
  CHECK_OK(log.advance(reader, TRY(member<Seq>(TRY(request.json()), "seq")), request.call()));
  return show_cursor(log, request);
}

}  // namespace

std::vector<net::Route> routes(EventLog& log) {
  using enum net::Method;
  using net::Scope;
  const auto with = [&log](auto handler) {
    return [&log, handler](const net::Request& request) { return handler(log, request); };
  };
  std::vector<net::Route> routes = {
      {get,
       "/v1/events",
       Scope::read,
       "Events in order, by study and type; waits for one if asked to",
       with(list),
       "event_page",
       "",
       200,
       {kAfter, kBefore, kOrder, kStudy, kType, kField, kLimit, kWait}},
      {get,
       "/v1/events/stream",
       Scope::read,
       "Events as they happen (server-sent events)",
       with(stream),
       "text/event-stream",
       "",
       200,
       {kAfter, kStudy, kType, kField}},
      {post, "/v1/events", Scope::peer, "Append events: all or none", with(append), "event_number", "new_events", 201},
      {get, "/v1/event-cursors/{reader}", Scope::peer, "How far a reader has read", with(show_cursor), "event_cursor"},
      {put, "/v1/event-cursors/{reader}", Scope::peer, "Move a reader's cursor forward", with(move_cursor),
       "event_cursor", "event_cursor"},
  };
  for (auto& route : change_routes(log)) routes.push_back(std::move(route));
  return routes;
}

}  // namespace larmor::events

#include "services/events/rest/codec.h"

#include "base/number.h"
#include "net/items.h"
#include "services/events/core/words.h"

namespace larmor::events {

Json to_json(const NewEvent& event) {
  return {{"type", event.type},
          {"service", event.service},
          {"study", event.study},
          {"fields", event.fields.is_null() ? Json::object() : event.fields},
          {"key", event.key}};
}

Json to_json(const Event& event) {
  auto json = to_json(static_cast<const NewEvent&>(event));
  json["seq"] = event.seq;
  json["at"] = to_rfc3339(event.at);
  json["words"] = in_words(event);
  return json;
}

Json to_json(const Page& page) {
  Json items = Json::array();
  for (const auto& event : page.events) items.push_back(to_json(event));
  return {{"items", std::move(items)},
          {"next", page.next > 0 ? std::to_string(page.next) : std::string()},
          {"last", page.last}};
}

Result<NewEvent> new_event_from_json(const Json& json) {
  NewEvent event;
  event.type = TRY(member<std::string>(json, "type"));
  event.service = TRY(member<std::string>(json, "service"));
  event.study = StudyUid(TRY(member_or<std::string>(json, "study", "")));
  event.fields = TRY(member_or<Json>(json, "fields", Json::object()));
  event.key = TRY(member_or<std::string>(json, "key", ""));
  return event;
}

Result<Event> event_from_json(const Json& json) {
  Event event;
  static_cast<NewEvent&>(event) = TRY(new_event_from_json(json));
  event.seq = TRY(member<Seq>(json, "seq"));
  event.at = TRY(from_rfc3339(TRY(member<std::string>(json, "at"))));
  return event;
}

Result<Page> page_from_json(const Json& json) {
  Page page;
  page.events = TRY(net::items_of(json, event_from_json));
  page.last = TRY(member<Seq>(json, "last"));
  const auto next = TRY(member_or<std::string>(json, "next", ""));
  if (!next.empty() && !read_seq(next))
    return fail_with({Code::invalid, fmt::format("'{}' is not a number of this log", next), "", "/next"});
  page.next = read_seq(next).value_or(0);
  return page;
}

std::optional<Seq> read_seq(std::string_view digits) {
  const auto seq = to_number<Seq>(digits);
  return seq && *seq >= 0 ? seq : std::nullopt;
}

}  // namespace larmor::events

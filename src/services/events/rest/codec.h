#pragma once
/// Events as JSON, the same on both ends of the wire. Field names are those of events.h.
#include "services/events/events.h"

namespace larmor::events {

Json to_json(const NewEvent&);
Json to_json(const Event&);
Json to_json(const Page&);
Result<NewEvent> new_event_from_json(const Json&);
Result<Event> event_from_json(const Json&);
Result<Page> page_from_json(const Json&);
/// A number written in digits alone; nothing where it is something else.
std::optional<Seq> read_seq(std::string_view);

}  // namespace larmor::events

#pragma once
/// Events as JSON, the same on both ends of the wire. Field names are those of events.h.
#include "services/events/events.h"

namespace larmor::events {

Json to_json(const NewEvent&);
Json to_json(const Event&);
Json to_json(const Page&, int limit);  ///< `next` is where to go on, or empty when the log has no more for now
Result<NewEvent> new_event_from_json(const Json&);
Result<Event> event_from_json(const Json&);
Result<Page> page_from_json(const Json&);

}  // namespace larmor::events

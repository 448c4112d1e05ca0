#pragma once
/// What streams of numbered things have in common (server-sent events: WHATWG HTML, section 9.2).
#include <optional>

#include "net/http.h"
#include "services/events/events.h"

namespace larmor::events {

constexpr Seq kLastSeq = Seq{1} << 53;  ///< whole numbers that JSON readers keep exactly

/// The number that a reader who comes back names in Last-Event-ID; nothing for one who comes first.
Result<std::optional<Seq>> last_seen(const net::Request&);

std::string frame(Seq id, const Json& data);

/// Number of the newest event; 0 in an empty log.
Result<Seq> newest(EventLog&, const Call&);

}  // namespace larmor::events

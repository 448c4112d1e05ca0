#include "services/events/rest/stream.h"

#include "services/events/rest/codec.h"

namespace larmor::events {

Result<std::optional<Seq>> last_seen(const net::Request& request) {
  const auto seen = request.header("last-event-id");
  if (!seen || seen->empty()) return std::nullopt;
  const auto seq = read_seq(*seen);
  if (!seq)
    return fail_with(
        {Code::invalid, fmt::format("Last-Event-ID '{}' is not a number of this log", *seen), "", "last-event-id"});
  return seq;
}

std::string frame(Seq id, const Json& data) {
  return fmt::format("id: {}\ndata: {}\n\n", id, data.dump(-1, ' ', false, Json::error_handler_t::replace));
}

Result<Seq> newest(EventLog& log, const Call& call) {
  return TRY(log.read({.after = kLastSeq, .limit = 1}, call)).last;
}

}  // namespace larmor::events

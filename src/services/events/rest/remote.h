#pragma once
/// The event log of another process, over REST: the same contract. A long poll waits there, at most 60 s a time.
#include "net/client.h"
#include "services/events/events.h"

namespace larmor::events {

std::unique_ptr<EventLog> connect(std::shared_ptr<net::Client>);

}  // namespace larmor::events

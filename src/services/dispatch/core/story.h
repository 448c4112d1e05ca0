#pragma once
/// The events that dispatch writes, as in api/events.md. Pure; the outbox gives them their keys.
#include "services/dispatch/dispatch.h"
#include "services/events/events.h"

namespace larmor::dispatch::story {

events::NewEvent queued(const JobId&, const NewJob&);
events::NewEvent started(const Lease&, const WorkerId&, Duration waited);
events::NewEvent progress(const Lease&, const Progress&);
events::NewEvent retrying(const JobId&, const NewJob&, int attempt, const Error&, Time due);
events::NewEvent finished(const Lease&, Duration took);
events::NewEvent dead(const JobId&, const NewJob&, int attempt, const Error&, const std::string& last_words);
events::NewEvent released(const Lease&);
events::NewEvent revived(const JobId&, const NewJob&);
events::NewEvent cancelled(const JobId&, const NewJob&);
events::NewEvent paused(const std::string& queue, const std::string& by);
events::NewEvent resumed(const std::string& queue, const std::string& by, Duration paused);

}  // namespace larmor::dispatch::story

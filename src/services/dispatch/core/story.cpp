#include "services/dispatch/core/story.h"

namespace larmor::dispatch::story {
namespace {

events::NewEvent about(std::string type, const JobId& job, const NewJob& work, Json fields) {
  fields["job"] = job.str();
  fields["queue"] = work.queue;
  return {std::move(type), "dispatch", work.study, std::move(fields), {}};
}

}  // namespace

events::NewEvent queued(const JobId& job, const NewJob& work) {
  return about("job.queued", job, work, {{"priority", name(work.priority)}});
}

events::NewEvent started(const Lease& lease, const WorkerId& worker, Duration waited) {
  return about("job.started", lease.job, lease.work,
               {{"worker", worker.str()}, {"attempt", lease.attempt}, {"waited_s", seconds(waited)}});
}

events::NewEvent progress(const Lease& lease, const Progress& progress) {
  return about("job.progress", lease.job, lease.work, {{"fraction", progress.fraction}, {"step", progress.step}});
}

events::NewEvent retrying(const JobId& job, const NewJob& work, int attempt, const Error& error, Time due) {
  return about("job.retrying", job, work,
               {{"attempt", attempt}, {"error", to_string(error)}, {"due", to_rfc3339(due)}});
}

events::NewEvent finished(const Lease& lease, Duration took) {
  return about("job.finished", lease.job, lease.work, {{"attempt", lease.attempt}, {"seconds", seconds(took)}});
}

events::NewEvent dead(const JobId& job, const NewJob& work, int attempt, const Error& error,
                      const std::string& last_words) {
  return about("job.dead", job, work, {{"attempt", attempt}, {"error", to_string(error)}, {"last_words", last_words}});
}

events::NewEvent released(const Lease& lease) {
  return about("job.released", lease.job, lease.work, {{"attempt", lease.attempt}});
}

events::NewEvent revived(const JobId& job, const NewJob& work) {
  return about("job.revived", job, work, Json::object());
}

events::NewEvent cancelled(const JobId& job, const NewJob& work) {
  return about("job.cancelled", job, work, Json::object());
}

events::NewEvent paused(const std::string& queue, const std::string& by) {
  return {"queue.paused", "dispatch", {}, {{"queue", queue}, {"by", by}}, {}};
}

events::NewEvent resumed(const std::string& queue, const std::string& by, Duration paused) {
  return {"queue.resumed", "dispatch", {}, {{"queue", queue}, {"by", by}, {"paused_s", seconds(paused)}}, {}};
}

}  // namespace larmor::dispatch::story

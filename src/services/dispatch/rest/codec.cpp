#include "services/dispatch/rest/codec.h"

#include "base/text.h"
#include "net/items.h"

namespace larmor::dispatch {
namespace {

constexpr std::array kPriorities = {Priority::low, Priority::routine, Priority::urgent};
constexpr std::array kStates = {State::waiting, State::running, State::done, State::dead, State::cancelled};

template <class Enum>
Result<Enum> from_name(const std::string& word, std::span<const Enum> all, const char* what) {
  std::vector<std::string> names;
  for (const auto value : all) {
    if (name(value) == word) return value;
    names.emplace_back(name(value));
  }
  const auto near = nearest(word, names);
  return fail_with({Code::invalid, fmt::format("'{}' is no {}; there are {}", word, what, fmt::join(names, ", ")),
                    near ? fmt::format("Did you mean '{}'?", *near) : "", fmt::format("/{}", what)});
}

/// The member as an object of its own, with its name in front of the pointer of what is wrong inside.
template <class Read>
auto inside(const Json& json, const char* name, Read&& read) -> decltype(read(json)) {
  auto value = read(TRY(member<Json>(json, name)));
  if (value) return value;
  auto error = std::move(value).error();
  error.field = fmt::format("/{}{}", name, error.field);
  return fail_with(std::move(error));
}

Result<Time> time_of(const Json& json, const char* name) {
  auto time = from_rfc3339(TRY(member<std::string>(json, name)));
  if (time) return time;
  return fail_with({Code::invalid, fmt::format("'{}': {}", name, time.error().what), "", fmt::format("/{}", name)});
}

Json attempt_to_json(const Attempt& a) {
  Json json{{"number", a.number},
            {"worker", a.worker.str()},
            {"started", to_rfc3339(a.started)},
            {"last_words", a.last_words}};
  if (a.ended) json["ended"] = to_rfc3339(*a.ended);
  if (a.error) json["error"] = to_problem(*a.error);
  return json;
}

Result<Attempt> attempt_from_json(const Json& json) {
  Attempt a;
  a.number = TRY(member<int>(json, "number"));
  a.worker = WorkerId(TRY(member<std::string>(json, "worker")));
  a.started = TRY(time_of(json, "started"));
  if (json.contains("ended")) a.ended = TRY(time_of(json, "ended"));
  if (json.contains("error")) a.error = from_problem(json["error"], 0);
  a.last_words = TRY(member_or<std::string>(json, "last_words", ""));
  return a;
}

Result<Pause> pause_from_json(const Json& json) {
  return Pause{TRY(time_of(json, "since")), TRY(member<std::string>(json, "by"))};
}

}  // namespace

Result<Priority> priority_from(const std::string& word) {
  return from_name<Priority>(word, kPriorities, "priority");
}

Result<State> state_from(const std::string& word) {
  return from_name<State>(word, kStates, "state");
}

std::vector<std::string> names_of_states() {
  std::vector<std::string> names;
  for (const auto state : kStates) names.emplace_back(name(state));
  return names;
}

Json to_json(const NewJob& work) {
  return {{"queue", work.queue},
          {"study", work.study.str()},
          {"priority", name(work.priority)},
          {"arguments", work.arguments}};
}

Result<NewJob> new_job_from_json(const Json& json) {
  NewJob work;
  work.queue = TRY(member<std::string>(json, "queue"));
  work.study = StudyUid(TRY(member_or<std::string>(json, "study", "")));
  work.priority = TRY(priority_from(TRY(member_or<std::string>(json, "priority", "routine"))));
  work.arguments = TRY(member_or<Json>(json, "arguments", Json::object()));
  return work;
}

Json to_json(const Lease& lease) {
  return {{"job", lease.job.str()},
          {"token", lease.token},
          {"expires", to_rfc3339(lease.expires)},
          {"attempt", lease.attempt},
          {"work", to_json(lease.work)}};
}

Result<Lease> lease_from_json(const Json& json) {
  Lease lease;
  lease.job = JobId(TRY(member<std::string>(json, "job")));
  lease.token = TRY(member<std::string>(json, "token"));
  lease.expires = TRY(time_of(json, "expires"));
  lease.attempt = TRY(member<int>(json, "attempt"));
  lease.work = TRY(inside(json, "work", new_job_from_json));
  return lease;
}

Json to_json(const Progress& p) {
  return {{"fraction", p.fraction}, {"step", p.step}};
}

Result<Progress> progress_from_json(const Json& json) {
  return Progress{TRY(member_or<double>(json, "fraction", 0)), TRY(member_or<std::string>(json, "step", ""))};
}

Json to_json(const Outcome& outcome) {
  Json json{{"last_words", outcome.last_words}, {"result", outcome.result}, {"retry", outcome.retry}};
  if (outcome.error) json["error"] = to_problem(*outcome.error);
  return json;
}

Result<Outcome> outcome_from_json(const Json& json) {
  Outcome outcome;
  if (const auto error = TRY(member_or<Json>(json, "error", nullptr)); !error.is_null()) {
    TRY(inside(json, "error", [](const Json& e) { return member<std::string>(e, "title"); }));
    outcome.error = from_problem(error, 0);
  }
  outcome.last_words = TRY(member_or<std::string>(json, "last_words", ""));
  outcome.result = TRY(member_or<Json>(json, "result", Json::object()));
  outcome.retry = TRY(member_or<bool>(json, "retry", true));
  return outcome;
}

Json to_json(const Job& job) {
  Json attempts = Json::array();
  for (const auto& a : job.attempts) attempts.push_back(attempt_to_json(a));
  return {{"id", job.id.str()},
          {"work", to_json(job.work)},
          {"state", name(job.state)},
          {"queued", to_rfc3339(job.queued)},
          {"due", to_rfc3339(job.due)},
          {"progress", to_json(job.progress)},
          {"attempts", std::move(attempts)},
          {"result", job.result}};
}

Result<Job> job_from_json(const Json& json) {
  Job job;
  job.id = JobId(TRY(member<std::string>(json, "id")));
  job.work = TRY(inside(json, "work", new_job_from_json));
  job.state = TRY(state_from(TRY(member<std::string>(json, "state"))));
  job.queued = TRY(time_of(json, "queued"));
  job.due = TRY(time_of(json, "due"));
  job.progress = TRY(inside(json, "progress", progress_from_json));
  for (const auto& a : TRY(member<Json>(json, "attempts"))) job.attempts.push_back(TRY(attempt_from_json(a)));
  job.result = TRY(member_or<Json>(json, "result", Json::object()));
  return job;
}

Json to_json(const JobPage& page) {
  Json items = Json::array();
  for (const auto& job : page.jobs) items.push_back(to_json(job));
  return {{"items", std::move(items)}, {"next", page.next}};
}

Result<JobPage> job_page_from_json(const Json& json) {
  JobPage page;
  page.jobs = TRY(net::items_of(json, job_from_json));
  page.next = TRY(member_or<std::string>(json, "next", ""));
  return page;
}

Json to_json(const QueueDepth& d) {
  Json json{{"queue", d.queue}, {"waiting", d.waiting}, {"running", d.running}, {"dead", d.dead}};
  if (d.oldest) json["oldest"] = to_rfc3339(*d.oldest);
  if (d.paused) json["paused"] = {{"since", to_rfc3339(d.paused->since)}, {"by", d.paused->by}};
  return json;
}

Result<QueueDepth> depth_from_json(const Json& json) {
  QueueDepth d;
  d.queue = TRY(member<std::string>(json, "queue"));
  d.waiting = TRY(member<std::int64_t>(json, "waiting"));
  d.running = TRY(member<std::int64_t>(json, "running"));
  d.dead = TRY(member<std::int64_t>(json, "dead"));
  if (json.contains("oldest")) d.oldest = TRY(time_of(json, "oldest"));
  if (json.contains("paused")) d.paused = TRY(inside(json, "paused", pause_from_json));
  return d;
}

}  // namespace larmor::dispatch

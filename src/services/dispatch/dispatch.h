#pragma once
/// Dispatch gives every job to exactly one living worker at a time, until it is done or dead.
///
/// Owns: jobs, leases, retry times. Never: runs a job, looks inside its arguments, keeps images.
/// Threads: every method may be called from any thread. Blocking: bounded by `Call::deadline`.
/// Failures: `unavailable` (store or peer gone, retryable), `conflict` (lease lost), `not_found`, `invalid` (names the
/// field). Events: job.queued, job.started, job.progress (coarse), job.retrying, job.finished, job.dead, job.revived,
/// job.released, job.cancelled, queue.paused, queue.resumed.
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "base/call.h"
#include "base/id.h"
#include "base/json.h"

namespace larmor::dispatch {

enum class Priority { low = 0, routine = 1, urgent = 2 };
enum class State { waiting, running, done, dead, cancelled };

constexpr std::string_view name(Priority p) {
  return std::array<std::string_view, 3>{"low", "routine", "urgent"}[static_cast<std::size_t>(p)];
}
constexpr std::string_view name(State s) {
  return std::array<std::string_view, 5>{"waiting", "running", "done", "dead",
                                         "cancelled"}[static_cast<std::size_t>(s)];
}

using LeaseToken = std::string;

struct NewJob {
  std::string queue;  ///< "pipeline/brain", "export/archive": one per pipeline and per destination
  StudyUid study;
  Priority priority = Priority::routine;
  Json arguments = Json::object();  ///< opaque here; the worker of that queue judges it
};

struct Lease {
  JobId job;
  LeaseToken token;  ///< proves ownership; changes with every claim
  Time expires;      ///< renew before; afterwards the job is anyone's
  int attempt = 1;   ///< 1 at the first try
  NewJob work;
};

struct Worker {
  WorkerId id;
  std::vector<std::string> queues;  ///< what it can run; a trailing `*` stands for any ending
};

struct Progress {
  double fraction = 0;  ///< 0 to 1
  std::string step;     ///< "segmenting"
};

/// How a run ended. `result` is kept with the job; `error` decides between a retry and death.
struct Outcome {
  std::optional<Error> error;
  std::string last_words;  ///< the end of what a failed pipeline printed
  Json result = Json::object();
  bool retry = true;  ///< false: the worker knows that another attempt would fail in the same way
};

struct Attempt {
  int number = 1;
  WorkerId worker;
  Time started;
  std::optional<Time> ended;
  std::optional<Error> error;
  std::string last_words;
};

struct Job {
  JobId id;
  NewJob work;
  State state = State::waiting;
  Time queued;
  Time due;  ///< not before this: back-off
  Progress progress;
  std::vector<Attempt> attempts;
  Json result;
};

struct JobQuery {
  StudyUid study;  ///< empty: any
  std::optional<State> state;
  std::string queue;  ///< empty: any
  std::string after;  ///< cursor; empty: first page
  int limit = 100;    ///< 1 to 1000
};

struct JobPage {
  std::vector<Job> jobs;  ///< newest first
  std::string next;
};

struct Pause {
  Time since;
  std::string by;  ///< who paused it; empty where nobody needs to sign in
};

struct QueueDepth {
  std::string queue;
  std::int64_t waiting = 0, running = 0, dead = 0;
  std::optional<Time> oldest;  ///< when the longest waiting one was queued
  std::optional<Pause> paused;
};

class Dispatch {
 public:
  virtual ~Dispatch() = default;
  /// Same idempotency key, same job: asking twice enqueues once.
  virtual Result<JobId> enqueue(const NewJob&, const Call&) = 0;
  /// The most urgent, then oldest job that `worker` can run, or nothing if there is none before the deadline.
  virtual Result<std::optional<Lease>> claim(const Worker&, const Call&) = 0;
  /// Heartbeat: the lease with its new end. `conflict` when the job is no longer this worker's.
  virtual Result<Lease> renew(const Lease&, const Progress&, const Call&) = 0;
  virtual Result<void> finish(const Lease&, const Outcome&, const Call&) = 0;
  /// Gives the job back untouched (orderly shutdown): no attempt is counted.
  virtual Result<void> release(const Lease&, const Call&) = 0;
  virtual Result<Job> job(const JobId&, const Call&) = 0;
  virtual Result<JobPage> jobs(const JobQuery&, const Call&) = 0;
  /// Of every queue with an open or dead job, and of every paused one.
  virtual Result<std::vector<QueueDepth>> depths(const Call&) = 0;
  /// The queue takes jobs and starts none until it is resumed, also after a restart; what runs goes on. A queue may be
  /// paused before its first job. Pausing a paused queue changes nothing, and neither does resuming one that runs.
  virtual Result<void> pause(const std::string& queue, const std::string& by, const Call&) = 0;
  virtual Result<void> resume(const std::string& queue, const std::string& by, const Call&) = 0;
  /// A dead or cancelled job waits again, with fresh attempts.
  virtual Result<void> revive(const JobId&, const Call&) = 0;
  virtual Result<void> cancel(const JobId&, const Call&) = 0;
};

}  // namespace larmor::dispatch

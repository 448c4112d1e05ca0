#pragma once
/// Jobs in one SQLite file (WAL, synchronous=FULL): every answer is durable, every claim is a transaction.
///
/// Threads: every method may be called from any thread; one connection behind one mutex. Starts no thread: someone
/// calls tend() about once a second (make.cpp does), which takes jobs from dead workers and hands events to the log. At
/// a start after a crash nothing needs repair: running jobs come back when their leases expire.
#include <condition_variable>
#include <map>
#include <mutex>

#include "backends/sqlite/sqlite.h"
#include "base/random.h"
#include "services/dispatch/adapters/outbox.h"
#include "services/dispatch/core/lease.h"
#include "services/dispatch/core/retry.h"
#include "services/dispatch/dispatch.h"
#include "services/events/events.h"

namespace larmor::dispatch {

struct JobsOptions {
  Duration lease = 30s;
  RetryPolicy retry;
  Duration head_start = 30min;
  std::int64_t max_open = 100'000;
  std::uint64_t largest_arguments = 1 << 20;
  std::uint64_t seed = std::random_device{}();
};

class SqliteJobs final : public Dispatch {
 public:
  static Result<std::unique_ptr<SqliteJobs>> open(const std::filesystem::path& file, const JobsOptions&,
                                                  events::EventLog&, const Clock&);

  Result<JobId> enqueue(const NewJob&, const Call&) override;
  Result<std::optional<Lease>> claim(const Worker&, const Call&) override;
  Result<Lease> renew(const Lease&, const Progress&, const Call&) override;
  Result<void> finish(const Lease&, const Outcome&, const Call&) override;
  Result<void> release(const Lease&, const Call&) override;
  Result<Job> job(const JobId&, const Call&) override;
  Result<JobPage> jobs(const JobQuery&, const Call&) override;
  Result<std::vector<QueueDepth>> depths(const Call&) override;
  Result<void> pause(const std::string& queue, const std::string& by, const Call&) override;
  Result<void> resume(const std::string& queue, const std::string& by, const Call&) override;
  Result<void> revive(const JobId&, const Call&) override;
  Result<void> cancel(const JobId&, const Call&) override;

  /// Takes jobs from workers that were not heard of, and appends what waits in the outbox to the event log.
  Result<void> tend();
  /// Returns when there is something for tend() to do, at the latest after `most`.
  void wait_for_work(Duration most);
  /// Ends every waiting claim() and wait_for_work(), now and later.
  void stop();

 private:
  struct Row;
  SqliteJobs(sqlite::Database db, Outbox outbox, const JobsOptions& options, events::EventLog& log, const Clock& clock)
      : db_(std::move(db)),
        outbox_(std::move(outbox)),
        options_(options),
        log_(log),
        clock_(clock),
        random_(options.seed) {}

  // All of these want mutex_ held.
  Result<JobId> insert(const NewJob&, const std::string& key);
  Result<void> make_room();
  Result<std::optional<Lease>> take_next(const Worker&, Time now);
  Result<Lease> take(const Row&, const Worker&, Time now);
  Result<void> promote_due(Time now);
  Result<void> recover_lost(Time now);
  Result<std::optional<Row>> next_ready(const Worker&);
  Result<std::vector<std::string>> ready_queues(const Worker&);
  Result<Row> find(const JobId&);
  Result<std::vector<Row>> select(const std::string& condition, const std::vector<std::string>& values);
  Result<void> end_attempt(const Row&, Time now, const Outcome&);
  Result<void> fail_attempt(const Row&, Time now, const Outcome&);
  Result<void> succeed(const Row&, Time now, const Outcome&);
  Result<void> operate(Operation, const JobId&);
  Result<void> set_waiting(const Row&, Time due, int attempts);
  /// No word of the worker that had it counts any more.
  Result<void> disown(const Row&);
  Result<std::vector<Attempt>> attempts(std::int64_t seq);
  Result<std::map<std::string, Pause>> pauses();
  Result<Job> full(Row);
  Duration until_next_wake(Time now);
  Result<void> hand_over_events();

  std::mutex mutex_;
  std::condition_variable ready_;   ///< a job may be claimed
  std::condition_variable tended_;  ///< something for tend()
  sqlite::Database db_;
  Outbox outbox_;
  const JobsOptions options_;
  events::EventLog& log_;
  const Clock& clock_;
  Random random_;
  bool news_ = true;  ///< the outbox may hold something
  bool stopped_ = false;
  std::int64_t room_ = 0;    ///< so many may surely be added before the open ones have to be counted again
  std::mutex handing_over_;  ///< one at a time, so that events keep their order
};

}  // namespace larmor::dispatch

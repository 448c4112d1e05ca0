#include "services/dispatch/adapters/sqlite_jobs.h"

#include "services/dispatch/adapters/rows.h"
#include "services/dispatch/core/order.h"
#include "services/dispatch/core/story.h"

namespace larmor::dispatch {
namespace {

constexpr std::size_t kLastWords = 4096, kStep = 200, kMostPauses = 1000;
constexpr std::int64_t kLongestOutbox = 200'000;
constexpr int kBatch = 500;

std::string dumped(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<void> check_queue(const std::string& queue) {
  if (!queue.empty() && queue.size() <= 200 && queue.find('*') == std::string::npos) return {};
  return fail_with({Code::invalid, fmt::format("'{}' is no name for a queue", queue.substr(0, 200)),
                    "1 to 200 letters, without *: pipeline/brain", "/queue"});
}

Result<void> check(const NewJob& work, std::uint64_t largest) {
  CHECK_OK(check_queue(work.queue));
  if (!work.arguments.is_object())
    return fail_with({Code::invalid, "the arguments of a job must be an object", "", "/arguments"});
  if (const auto size = dumped(work.arguments).size(); size > largest)
    return fail_with(
        {Code::too_large,
         fmt::format("the arguments of a job for {} take {} bytes, more than {}", work.queue, size, largest),
         "Name what is meant instead of sending it; the bound is dispatch.largest_arguments.", "/arguments"});
  return {};
}

Outcome bounded(Outcome outcome, std::uint64_t largest) {
  if (outcome.last_words.size() > kLastWords) outcome.last_words.erase(0, outcome.last_words.size() - kLastWords);
  if (dumped(outcome.result).size() > largest)
    outcome.result = {{"left_out", "the result was larger than dispatch.largest_arguments"}};
  return outcome;
}

}  // namespace

Result<std::unique_ptr<SqliteJobs>> SqliteJobs::open(const std::filesystem::path& file, const JobsOptions& options,
                                                     events::EventLog& log, const Clock& clock) {
  auto db = TRY(sqlite::Database::open(file, sqlite::Durability::full));
  CHECK_OK(db.execute(kSchema));
  auto outbox = TRY(Outbox::open(db));
  return std::unique_ptr<SqliteJobs>(new SqliteJobs(std::move(db), std::move(outbox), options, log, clock));
}

Result<JobId> SqliteJobs::enqueue(const NewJob& work, const Call& call) {
  CHECK_OK(check(work, options_.largest_arguments));
  const std::lock_guard lock(mutex_);
  auto id = db_.transaction([&] { return insert(work, call.idempotency_key); });
  ready_.notify_all();
  tended_.notify_all();
  return id;
}

Result<JobId> SqliteJobs::insert(const NewJob& work, const std::string& key) {
  if (!key.empty()) {
    auto known = TRY(db_.prepare("SELECT id FROM jobs WHERE key = ?1"));
    if (TRY(known.bind(key).step())) return JobId(known.text(0));
  }
  CHECK_OK(make_room());
  if (TRY(outbox_.waiting(db_)) >= kLongestOutbox)
    return fail(Code::unavailable, "the event log has taken nothing for {} events; no job is taken until it does",
                kLongestOutbox);

  const auto id = JobId(random_token().substr(0, 16));
  const auto now = clock_.now();
  auto insert =
      TRY(db_.prepare("INSERT INTO jobs (id, key, queue, study, priority, arguments, kept, queued, due, rank) VALUES "
                      "(?1,?2,?3,?4,?5,?6,0,?7,?7,?8)"));
  CHECK_OK(insert
               .bind(id.str(), key.empty() ? std::nullopt : std::optional(key), work.queue, work.study.str(),
                     static_cast<int>(work.priority), dumped(work.arguments), to_store(now),
                     to_store(rank(work.priority, now, options_.head_start)))
               .run());
  CHECK_OK(outbox_.add(db_, story::queued(id, work)));
  news_ = true;
  return id;
}

Result<void> SqliteJobs::make_room() {
  if (room_ <= 0) {
    auto open = TRY(db_.prepare("SELECT count(*) FROM jobs WHERE kept IN (0, 1, 3, 5) AND kept <> 3"));
    TRY(open.step());
    room_ = options_.max_open - open.integer(0);
  }
  if (room_ <= 0)
    return fail_with({Code::unavailable,
                      fmt::format("no room in the queue: {} jobs wait or run already", options_.max_open),
                      "See /v1/queues for what holds them up; the bound is dispatch.max_open_jobs.", ""});
  --room_;
  return {};
}

Result<std::optional<Lease>> SqliteJobs::claim(const Worker& worker, const Call& call) {
  if (worker.id.empty() || worker.id.str().size() > 200)
    return fail_with({Code::invalid, "a worker needs a name of 1 to 200 letters", "", "/id"});
  if (worker.queues.empty() || worker.queues.size() > 1000)
    return fail_with({Code::invalid, "a worker names 1 to 1000 queues that it can run", "", "/queues"});
  std::unique_lock lock(mutex_);
  for (;;) {
    const auto now = clock_.now();
    auto taken = TRY(db_.transaction([&] { return take_next(worker, now); }));
    if (taken) tended_.notify_all();
    if (taken || stopped_ || call.left() <= 0s) return taken;
    ready_.wait_for(lock, std::min(call.left(), until_next_wake(now)));
  }
}

Result<std::optional<Lease>> SqliteJobs::take_next(const Worker& worker, Time now) {
  CHECK_OK(recover_lost(now));
  CHECK_OK(promote_due(now));
  const auto next = TRY(next_ready(worker));
  if (!next) return std::nullopt;
  return TRY(take(*next, worker, now));
}

Result<Lease> SqliteJobs::take(const Row& row, const Worker& worker, Time now) {
  Lease lease{row.id, random_token(), now + options_.lease, row.attempt + 1, row.work};
  auto update =
      TRY(db_.prepare("UPDATE jobs SET kept=1, token=?2, expires=?3, worker=?4, attempt=?5, started=?6, fraction=0, "
                      "step='' WHERE seq=?1"));
  CHECK_OK(
      update.bind(row.seq, lease.token, to_store(lease.expires), worker.id.str(), lease.attempt, to_store(now)).run());
  auto attempt = TRY(db_.prepare("INSERT INTO attempts (job, number, worker, started) VALUES (?1, ?2, ?3, ?4)"));
  CHECK_OK(attempt.bind(row.seq, lease.attempt, worker.id.str(), to_store(now)).run());
  CHECK_OK(outbox_.add(db_, story::started(lease, worker.id, now - row.queued)));
  news_ = true;
  return lease;
}

Result<Lease> SqliteJobs::renew(const Lease& lease, const Progress& progress, const Call&) {
  const std::lock_guard lock(mutex_);
  return db_.transaction([&]() -> Result<Lease> {
    const auto row = TRY(find(lease.job));
    CHECK_OK(owns(row.held, lease));
    auto renewed = row.lease();
    renewed.expires = std::max(row.held.expires, clock_.now() + options_.lease);
    const Progress kept{std::clamp(progress.fraction, 0.0, 1.0), progress.step.substr(0, kStep)};
    auto update = TRY(db_.prepare("UPDATE jobs SET expires=?2, fraction=?3, step=?4 WHERE seq=?1"));
    CHECK_OK(update.bind(row.seq, to_store(renewed.expires), kept.fraction, kept.step).run());
    if (kept.step != row.progress.step) {
      CHECK_OK(outbox_.add(db_, story::progress(renewed, kept)));
      news_ = true;
      tended_.notify_all();
    }
    return renewed;
  });
}

Result<void> SqliteJobs::finish(const Lease& lease, const Outcome& unbounded, const Call&) {
  const auto outcome = bounded(unbounded, options_.largest_arguments);
  const std::lock_guard lock(mutex_);
  auto done = db_.transaction([&]() -> Result<void> {
    const auto row = TRY(find(lease.job));
    if (already_finished(row.held, lease)) return {};
    CHECK_OK(owns(row.held, lease));
    return outcome.error ? fail_attempt(row, clock_.now(), outcome) : succeed(row, clock_.now(), outcome);
  });
  ready_.notify_all();
  tended_.notify_all();
  return done;
}

Result<void> SqliteJobs::succeed(const Row& row, Time now, const Outcome& outcome) {
  CHECK_OK(end_attempt(row, now, outcome));
  auto update = TRY(db_.prepare("UPDATE jobs SET kept=2, fraction=1, step='', result=?2 WHERE seq=?1"));
  CHECK_OK(update.bind(row.seq, dumped(outcome.result)).run());
  news_ = true;
  return outbox_.add(db_, story::finished(row.lease(), now - row.started));
}

Result<void> SqliteJobs::fail_attempt(const Row& row, Time now, const Outcome& outcome) {
  CHECK_OK(end_attempt(row, now, outcome));
  news_ = true;
  const auto verdict = after_failure(options_.retry, row.attempt, *outcome.error, outcome.retry, random_);
  if (const auto* retry = std::get_if<RetryIn>(&verdict)) {
    const auto due = now + retry->wait;
    CHECK_OK(set_waiting(row, due, row.attempt));
    return outbox_.add(db_, story::retrying(row.id, row.work, row.attempt, *outcome.error, due));
  }
  auto update = TRY(db_.prepare("UPDATE jobs SET kept=3, result=?2 WHERE seq=?1"));
  CHECK_OK(update.bind(row.seq, dumped(outcome.result)).run());
  auto error = *outcome.error;
  error.what += fmt::format(" ({})", std::get<Dead>(verdict).why);
  return outbox_.add(db_, story::dead(row.id, row.work, row.attempt, error, outcome.last_words));
}

Result<void> SqliteJobs::set_waiting(const Row& row, Time due, int attempts) {
  auto update = TRY(db_.prepare("UPDATE jobs SET kept=5, due=?2, attempt=?3, fraction=0, step='' WHERE seq=?1"));
  return update.bind(row.seq, to_store(due), attempts).run();
}

Result<void> SqliteJobs::end_attempt(const Row& row, Time now, const Outcome& outcome) {
  auto update =
      TRY(db_.prepare("UPDATE attempts SET ended=?2, error=?3, last_words=?4 WHERE job=?1 AND ended IS NULL"));
  return update
      .bind(row.seq, to_store(now), outcome.error ? std::optional(dumped(to_problem(*outcome.error))) : std::nullopt,
            outcome.last_words)
      .run();
}

Result<void> SqliteJobs::release(const Lease& lease, const Call&) {
  const std::lock_guard lock(mutex_);
  auto released = db_.transaction([&]() -> Result<void> {
    const auto row = TRY(find(lease.job));
    if (already_finished(row.held, lease)) return {};
    CHECK_OK(owns(row.held, lease));
    auto remove = TRY(db_.prepare("DELETE FROM attempts WHERE job=?1 AND ended IS NULL"));
    CHECK_OK(remove.bind(row.seq).run());
    CHECK_OK(set_waiting(row, clock_.now(), row.attempt - 1));
    CHECK_OK(disown(row));
    news_ = true;
    return outbox_.add(db_, story::released(row.lease()));
  });
  ready_.notify_all();
  tended_.notify_all();
  return released;
}

Result<void> SqliteJobs::revive(const JobId& id, const Call&) {
  return operate(Operation::revive, id);
}
Result<void> SqliteJobs::cancel(const JobId& id, const Call&) {
  return operate(Operation::cancel, id);
}

Result<void> SqliteJobs::operate(Operation operation, const JobId& id) {
  const std::lock_guard lock(mutex_);
  auto done = db_.transaction([&]() -> Result<void> {
    const auto row = TRY(find(id));
    TRY(after(operation, row.held.state, id));
    const auto now = clock_.now();
    news_ = true;
    CHECK_OK(disown(row));
    if (operation == Operation::revive) {
      CHECK_OK(set_waiting(row, now, 0));
      return outbox_.add(db_, story::revived(id, row.work));
    }
    if (row.held.state == State::running)
      CHECK_OK(end_attempt(row, now, {Error{Code::cancelled, "an operator cancelled the job", {}, {}}, {}, {}}));
    auto update = TRY(db_.prepare("UPDATE jobs SET kept=4 WHERE seq=?1"));
    CHECK_OK(update.bind(row.seq).run());
    return outbox_.add(db_, story::cancelled(id, row.work));
  });
  ready_.notify_all();
  tended_.notify_all();
  return done;
}

Result<void> SqliteJobs::pause(const std::string& queue, const std::string& by, const Call&) {
  CHECK_OK(check_queue(queue));
  const std::lock_guard lock(mutex_);
  auto done = db_.transaction([&]() -> Result<void> {
    const auto paused = TRY(pauses());
    if (paused.contains(queue)) return {};
    if (paused.size() >= kMostPauses)
      return fail(Code::unavailable, "{} queues are paused already; resume one of them first", kMostPauses);
    auto insert = TRY(db_.prepare("INSERT INTO pauses (queue, since, by) VALUES (?1, ?2, ?3)"));
    CHECK_OK(insert.bind(queue, to_store(clock_.now()), by.substr(0, kStep)).run());
    news_ = true;
    return outbox_.add(db_, story::paused(queue, by.substr(0, kStep)));
  });
  tended_.notify_all();
  return done;
}

Result<void> SqliteJobs::resume(const std::string& queue, const std::string& by, const Call&) {
  CHECK_OK(check_queue(queue));
  const std::lock_guard lock(mutex_);
  auto done = db_.transaction([&]() -> Result<void> {
    const auto paused = TRY(pauses());
    const auto found = paused.find(queue);
    if (found == paused.end()) return {};
    auto remove = TRY(db_.prepare("DELETE FROM pauses WHERE queue=?1"));
    CHECK_OK(remove.bind(queue).run());
    news_ = true;
    return outbox_.add(db_, story::resumed(queue, by.substr(0, kStep), clock_.now() - found->second.since));
  });
  ready_.notify_all();
  tended_.notify_all();
  return done;
}

Result<void> SqliteJobs::promote_due(Time now) {
  auto update = TRY(db_.prepare("UPDATE jobs SET kept=0 WHERE kept=5 AND due <= ?1"));
  return update.bind(to_store(now)).run();
}

Result<void> SqliteJobs::recover_lost(Time now) {
  for (const auto& row : TRY(select("kept=1 AND expires <= CAST(?1 AS INTEGER)", {std::to_string(to_store(now))}))) {
    const Error gone{Code::unavailable,
                     fmt::format("worker {} was not heard of for {:.0f} s and is taken for dead", row.worker,
                                 seconds(options_.lease)),
                     "Its machine or process ended, or was too busy to renew its lease.", ""};
    CHECK_OK(fail_attempt(row, now, {gone, {}, Json::object()}));
    CHECK_OK(disown(row));
  }
  return {};
}

Result<void> SqliteJobs::disown(const Row& row) {
  auto update = TRY(db_.prepare("UPDATE jobs SET token='' WHERE seq=?1"));
  return update.bind(row.seq).run();
}

Result<void> SqliteJobs::tend() {
  {
    const std::lock_guard lock(mutex_);
    const auto now = clock_.now();
    CHECK_OK(db_.transaction([&]() -> Result<void> {
      CHECK_OK(recover_lost(now));
      return promote_due(now);
    }));
    if (db_.changes() > 0) ready_.notify_all();
  }
  return hand_over_events();
}

Result<void> SqliteJobs::hand_over_events() {
  const std::lock_guard one(handing_over_);
  for (;;) {
    std::unique_lock lock(mutex_);
    news_ = false;
    const auto batch = TRY(outbox_.oldest(db_, kBatch));
    if (batch.events.empty()) return {};
    news_ = true;
    lock.unlock();  // the log may be far away; jobs go on meanwhile
    TRY(log_.append(batch.events, Call::within(10s)));
    lock.lock();
    CHECK_OK(db_.transaction([&] { return outbox_.forget(db_, batch); }));
  }
}

void SqliteJobs::wait_for_work(Duration most) {
  std::unique_lock lock(mutex_);
  tended_.wait_for(lock, most, [&] { return news_ || stopped_; });
}

void SqliteJobs::stop() {
  const std::lock_guard lock(mutex_);
  stopped_ = true;
  ready_.notify_all();
  tended_.notify_all();
}

}  // namespace larmor::dispatch

// The reading half of SqliteJobs.

#include "base/number.h"
#include "services/dispatch/adapters/rows.h"
#include "services/dispatch/adapters/sqlite_jobs.h"

namespace larmor::dispatch {
namespace {

// A queue of a million jobs costs as much as one of one: each step jumps to the next name in the index.
constexpr const char* kReadyQueues =
    "WITH RECURSIVE q(n) AS (SELECT min(queue) FROM jobs WHERE kept=0 UNION ALL"
    " SELECT (SELECT min(queue) FROM jobs WHERE kept=0 AND queue > n) FROM q WHERE n IS NOT NULL)"
    " SELECT n FROM q WHERE n IS NOT NULL AND n NOT IN (SELECT queue FROM pauses)";

}  // namespace

Result<std::vector<SqliteJobs::Row>> SqliteJobs::select(const std::string& condition,
                                                        const std::vector<std::string>& values) {
  auto rows =
      TRY(db_.prepare("SELECT seq, id, queue, study, priority, arguments, kept, queued, due, rank, started, attempt, "
                      "token, expires, worker,"
                      " fraction, step, result FROM jobs WHERE " +
                      condition));
  const auto value = [&](std::size_t i) { return i < values.size() ? std::optional(values[i]) : std::nullopt; };
  rows.bind(value(0), value(1), value(2));
  std::vector<Row> found;
  while (TRY(rows.step())) {
    Row r;
    r.seq = rows.integer(0);
    r.id = JobId(rows.text(1));
    r.work = {rows.text(2), StudyUid(rows.text(3)), static_cast<Priority>(rows.integer(4)),
              TRY(parse_json(rows.text(5)))};
    r.kept = static_cast<Kept>(rows.integer(6));
    r.queued = from_store(rows.integer(7));
    r.due = from_store(rows.integer(8));
    r.rank = from_store(rows.integer(9));
    r.started = from_store(rows.integer(10));
    r.attempt = static_cast<int>(rows.integer(11));
    r.held = {shown(r.kept), rows.text(12), from_store(rows.integer(13))};
    r.worker = WorkerId(rows.text(14));
    r.progress = {rows.real(15), rows.text(16)};
    r.result = TRY(parse_json(rows.text(17)));
    found.push_back(std::move(r));
  }
  return found;
}

Result<SqliteJobs::Row> SqliteJobs::find(const JobId& id) {
  auto rows = TRY(select("id = ?1", {id.str()}));
  if (rows.empty()) return fail(Code::not_found, "there is no job {}", id);
  return std::move(rows.front());
}

Result<std::vector<std::string>> SqliteJobs::ready_queues(const Worker& worker) {
  auto names = TRY(db_.prepare(kReadyQueues));
  std::vector<std::string> queues;
  while (TRY(names.step()))
    if (auto name = names.text(0); runs(worker, name)) queues.push_back(std::move(name));
  return queues;
}

Result<std::optional<SqliteJobs::Row>> SqliteJobs::next_ready(const Worker& worker) {
  std::optional<Row> next;
  for (const auto& queue : TRY(ready_queues(worker))) {
    auto first = TRY(select("kept=0 AND queue=?1 ORDER BY rank, seq LIMIT 1", {queue}));
    if (!first.empty() && (!next || std::pair(first[0].rank, first[0].seq) < std::pair(next->rank, next->seq)))
      next = std::move(first.front());
  }
  return next;
}

Result<std::vector<Attempt>> SqliteJobs::attempts(std::int64_t seq) {
  auto rows = TRY(
      db_.prepare("SELECT number, worker, started, ended, error, last_words FROM attempts WHERE job=?1 ORDER BY id"));
  rows.bind(seq);
  std::vector<Attempt> found;
  while (TRY(rows.step())) {
    Attempt a{
        static_cast<int>(rows.integer(0)), WorkerId(rows.text(1)), from_store(rows.integer(2)), {}, {}, rows.text(5)};
    if (!rows.null(3)) a.ended = from_store(rows.integer(3));
    if (!rows.null(4)) a.error = from_problem(TRY(parse_json(rows.text(4))), 0);
    found.push_back(std::move(a));
  }
  return found;
}

Result<Job> SqliteJobs::full(Row row) {
  return Job{row.id,  std::move(row.work), shown(row.kept),        row.queued,
             row.due, row.progress,        TRY(attempts(row.seq)), std::move(row.result)};
}

Result<Job> SqliteJobs::job(const JobId& id, const Call&) {
  const std::lock_guard lock(mutex_);
  return full(TRY(find(id)));
}

Result<JobPage> SqliteJobs::jobs(const JobQuery& query, const Call&) {
  std::int64_t before = std::numeric_limits<std::int64_t>::max();
  if (!query.after.empty()) {
    const auto cursor = to_number<std::int64_t>(query.after);
    if (!cursor)
      return fail_with(
          {Code::invalid, "this cursor is none that dispatch gave out", "Take `next` of the previous page.", "/after"});
    before = *cursor;
  }
  const auto limit = std::clamp(query.limit, 1, 1000);
  auto where = std::string("seq < CAST(?1 AS INTEGER)");
  if (!query.study.empty()) where += " AND study = ?2";
  if (!query.queue.empty()) where += " AND queue = ?3";
  if (query.state) where += fmt::format(" AND kept IN {}", kept_list(*query.state));
  where += fmt::format(" ORDER BY seq DESC LIMIT {}", limit + 1);

  const std::lock_guard lock(mutex_);
  auto rows = TRY(select(where, {std::to_string(before), query.study.str(), query.queue}));
  JobPage page;
  if (static_cast<int>(rows.size()) > limit) {
    rows.pop_back();
    page.next = std::to_string(rows.back().seq);
  }
  for (auto& row : rows) page.jobs.push_back(TRY(full(std::move(row))));
  return page;
}

Result<std::vector<QueueDepth>> SqliteJobs::depths(const Call&) {
  const std::lock_guard lock(mutex_);
  auto rows = TRY(db_.prepare(
      "SELECT queue, sum(kept IN (0, 5)), sum(kept = 1), sum(kept = 3), min(CASE WHEN kept IN (0, 5) THEN queued END)"
      " FROM jobs WHERE kept IN (0, 1, 3, 5) GROUP BY queue ORDER BY queue"));
  std::map<std::string, QueueDepth> depths;
  while (TRY(rows.step())) {
    QueueDepth d{rows.text(0), rows.integer(1), rows.integer(2), rows.integer(3), {}, {}};
    if (!rows.null(4)) d.oldest = from_store(rows.integer(4));
    depths.emplace(d.queue, std::move(d));
  }
  for (auto& [queue, pause] : TRY(pauses())) {
    auto& depth = depths[queue];
    depth.queue = queue;
    depth.paused = std::move(pause);
  }
  std::vector<QueueDepth> listed;
  for (auto& [queue, depth] : depths) listed.push_back(std::move(depth));
  return listed;
}

Result<std::map<std::string, Pause>> SqliteJobs::pauses() {
  auto rows = TRY(db_.prepare("SELECT queue, since, by FROM pauses"));
  std::map<std::string, Pause> found;
  while (TRY(rows.step())) found.emplace(rows.text(0), Pause{from_store(rows.integer(1)), rows.text(2)});
  return found;
}

Duration SqliteJobs::until_next_wake(Time now) {
  // Bounded, because the wall clock may jump while we sleep on the steady one.
  auto soonest = now + 10s;
  for (const auto* sql : {"SELECT min(due) FROM jobs WHERE kept=5", "SELECT min(expires) FROM jobs WHERE kept=1"}) {
    auto first = db_.prepare(sql);
    if (first && first->step().value_or(false) && !first->null(0))
      soonest = std::min(soonest, from_store(first->integer(0)));
  }
  return std::max<Duration>(soonest - now, 1ms);
}

}  // namespace larmor::dispatch

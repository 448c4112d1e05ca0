#pragma once
/// The table of jobs: its schema, and how a row becomes a value.
#include "backends/sqlite/sqlite.h"
#include "services/dispatch/adapters/sqlite_jobs.h"

namespace larmor::dispatch {

/// As kept: a job that waits for its time is apart from those that may run now, so that a queue full of jobs in
/// back-off costs a claim nothing.
enum class Kept { ready = 0, running = 1, done = 2, dead = 3, cancelled = 4, delayed = 5 };

State shown(Kept);
std::string_view kept_list(State);  ///< for IN (...)

struct SqliteJobs::Row {
  std::int64_t seq = 0;
  JobId id;
  NewJob work;
  Kept kept = Kept::ready;
  Time queued, due, rank, started;
  int attempt = 0;  ///< of this life: revival begins at 0 again
  Held held;
  WorkerId worker;
  Progress progress;
  Json result;

  Lease lease() const { return {id, held.token, held.expires, attempt, work}; }
};

inline std::int64_t to_store(Time t) {
  return t.time_since_epoch().count();
}
inline Time from_store(std::int64_t us) {
  return Time(Duration(us));
}

extern const char* const kSchema;

}  // namespace larmor::dispatch

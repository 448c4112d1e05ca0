#pragma once
/// Events on their way from a job's transaction to the event log: written in that transaction, appended after it,
/// deleted last.
///
/// An event is neither lost nor doubled by a crash at any moment: what was not deleted is appended again, under the
/// same key. Threads: the caller guards the database; the outbox keeps no state of its own but the prefix of its keys.
#include "backends/sqlite/sqlite.h"
#include "services/events/events.h"

namespace larmor::dispatch {

class Outbox {
 public:
  static Result<Outbox> open(sqlite::Database&);
  /// Inside a transaction.
  Result<void> add(sqlite::Database&, const events::NewEvent&);

  struct Batch {
    std::vector<events::NewEvent> events;
    std::int64_t last = 0;
  };
  /// The oldest ones, at most `limit`, with their keys.
  Result<Batch> oldest(sqlite::Database&, int limit);
  Result<void> forget(sqlite::Database&, const Batch&);
  Result<std::int64_t> waiting(sqlite::Database&);

 private:
  explicit Outbox(std::string prefix) : prefix_(std::move(prefix)) {}
  std::string prefix_;  ///< unique per database, so that a new database never repeats an old one's keys
};

}  // namespace larmor::dispatch

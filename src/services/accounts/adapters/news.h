#pragma once
/// Changes of accounts on their way to the event log: written in the change's own transaction, also by `larmor users`
/// while no server runs; the server hands them over.
///
/// Neither lost nor doubled by a crash: what was not deleted is appended again, under the same key. Threads: the caller
/// guards the database.
#include "backends/sqlite/sqlite.h"
#include "services/events/events.h"

namespace larmor::accounts {

class News {
 public:
  /// Makes its tables.
  static Result<News> open(sqlite::Database&);
  /// Inside a transaction. At most 100,000 wait; then `unavailable`, as nothing may happen untold.
  Result<void> add(sqlite::Database&, const std::string& type, const Json& fields) const;

  struct Batch {
    std::vector<events::NewEvent> events;
    std::int64_t last = 0;
  };
  /// The oldest ones, with their keys.
  Result<Batch> oldest(sqlite::Database&) const;
  Result<void> forget(sqlite::Database&, const Batch&) const;

 private:
  explicit News(std::string prefix) : prefix_(std::move(prefix)) {}
  std::string prefix_;  ///< of the keys; unique per database, so that a new one never repeats an old one's
};

}  // namespace larmor::accounts

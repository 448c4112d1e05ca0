#pragma once
/// The event log in one SQLite file.
///
/// Group commit: callers of append() and advance() queue up; the first becomes the leader, commits everybody's events
/// in one transaction (synchronous=FULL), and the next one waiting leads after it. So the log costs one sync per round,
/// not per call, and no thread of its own. Numbers are given inside that transaction and readers look no further than
/// the last commit, so nothing ever appears below a number that somebody has read. The newest events stay in memory:
/// during ingest, readers who keep up took a quarter of the server's processor time with SQL and JSON before.
/// Threads: every method may be called from any thread.
#include <condition_variable>
#include <deque>
#include <mutex>
#include <set>

#include "backends/sqlite/readers.h"
#include "services/events/adapters/tail.h"

namespace larmor::events {

class SqliteLog final : public EventLog {
 public:
  static Result<std::unique_ptr<SqliteLog>> open(const std::filesystem::path& file, const Clock&);

  Result<Seq> append(std::span<const NewEvent>, const Call&) override;
  Result<Page> read(const Query&, const Call&) override;
  Result<Seq> cursor(const std::string& reader, const Call&) override;
  Result<void> advance(const std::string& reader, Seq, const Call&) override;

 private:
  /// One caller's wish; lives on that caller's stack until it is answered.
  struct Wish {
    std::span<const NewEvent> events;
    std::vector<std::string> fields;      ///< of each event, as JSON text
    const std::string* reader = nullptr;  ///< set for advance()
    Seq seq = 0;                          ///< in: where to advance to; out: the last event's number
    bool taken = false;                   ///< a leader is working on it
    std::optional<Error> error;
    bool answered = false;
  };
  struct Writer {
    sqlite::Database database;
    sqlite::Statement insert, find_key, move_cursor;
  };

  SqliteLog(const std::filesystem::path& file, const Clock& clock, Writer writer, Seq last,
            std::set<std::string, std::less<>> types);
  Result<void> submit(Wish&, const Call&);
  void lead(std::unique_lock<std::mutex>&);
  Result<SharedEvents> commit(std::span<Wish* const> wishes, Seq from);
  Result<Seq> insert(const NewEvent&, const std::string& fields, Seq last, SharedEvents& fresh);
  Result<Page> read_once(const Query&, Seq last, const std::vector<std::string>& types);

  const Clock& clock_;
  sqlite::Readers readers_;
  Writer writer_;  ///< used by the leader alone

  std::mutex mutex_;
  std::condition_variable answered_, grown_;
  std::deque<Wish*> waiting_;
  bool led_ = false;
  Seq last_;  ///< newest committed number
  Tail tail_;
  std::set<std::string, std::less<>> types_;  ///< every type that the log holds: few dozens
};

}  // namespace larmor::events

#pragma once
/// A thin face over SQLite 3: one connection, prepared statements, transactions. Knows no service.
///
/// Threads: a Database belongs to one thread at a time; guard it with a mutex or open one per thread (WAL: readers do
/// not block the writer). Opens with journal_mode=WAL, foreign keys on, busy time-out 10 s; `synchronous` as asked.
/// Failures: `out_of_space` (SQLITE_FULL), `unavailable` (busy, I/O), `conflict` (a constraint), `corrupt`, `internal`.
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace larmor::sqlite {

enum class Durability {
  full,    ///< synchronous=FULL: a commit survives a power cut
  normal,  ///< synchronous=NORMAL: a commit may be lost on a power cut, never torn; for what can be rebuilt
};

class Kept;  // statements of a connection that are prepared and not in use

/// A prepared statement. Bind with `bind(values...)`, then `step()` until it says false.
class Statement {
 public:
  Statement(Statement&&) noexcept;
  Statement& operator=(Statement&&) noexcept;
  ~Statement();

  /// Resets the statement and binds ?1, ?2 ... in order: integers, doubles, text, std::optional of these, nullptr.
  template <class... Values>
  Statement& bind(const Values&... values) {
    reset();
    int index = 0;
    (bind_one(++index, values), ...);
    return *this;
  }
  /// Binds one more value, for statements whose number of values is known only at run time; call bind() first.
  template <class Value>
  Statement& bind_at(int index, const Value& value) {
    bind_one(index, value);
    return *this;
  }
  /// True when there is a row to read.
  Result<bool> step();
  /// Runs a statement that returns no rows.
  Result<void> run();

  std::int64_t integer(int column) const;
  double real(int column) const;
  std::string text(int column) const;
  bool null(int column) const;

 private:
  friend class Database;
  Statement(std::shared_ptr<Kept> home, sqlite3_stmt* statement) : home_(std::move(home)), statement_(statement) {}
  void reset();
  void bind_one(int index, std::int64_t value);
  void bind_one(int index, int value) { bind_one(index, static_cast<std::int64_t>(value)); }
  void bind_one(int index, std::uint64_t value) { bind_one(index, static_cast<std::int64_t>(value)); }
  void bind_one(int index, double value);
  void bind_one(int index, std::string_view value);
  void bind_one(int index, const std::string& value) { bind_one(index, std::string_view(value)); }
  void bind_one(int index, const char* value) { bind_one(index, std::string_view(value)); }
  void bind_one(int index, std::nullptr_t);
  template <class T>
  void bind_one(int index, const std::optional<T>& value) {
    value ? bind_one(index, *value) : bind_one(index, nullptr);
  }

  std::shared_ptr<Kept> home_;  ///< where it goes afterwards
  sqlite3_stmt* statement_ = nullptr;
};

class Database {
 public:
  static Result<Database> open(const std::filesystem::path&, Durability);
  Database(Database&&) noexcept;
  Database& operator=(Database&&) noexcept;
  ~Database();

  /// One or more statements without values: schemas, pragmas.
  Result<void> execute(const std::string& sql);
  /// What was prepared lately is taken up again, so that nobody needs to keep a statement for its speed.
  Result<Statement> prepare(std::string_view sql);
  std::int64_t last_insert_id() const;
  std::int64_t changes() const;  ///< rows changed by the last statement

  /// Runs `body` inside BEGIN IMMEDIATE; commits when it succeeds, rolls back when it fails.
  template <class Body>
  auto transaction(Body&& body) -> decltype(body()) {
    CHECK_OK(execute("BEGIN IMMEDIATE"));
    auto outcome = body();
    if (!outcome) {
      (void)execute("ROLLBACK");
      return outcome;
    }
    if (auto committed = execute("COMMIT"); !committed) {
      (void)execute("ROLLBACK");
      return Failure(std::move(committed).error());
    }
    return outcome;
  }

 private:
  explicit Database(sqlite3* connection);
  sqlite3* connection_ = nullptr;
  std::shared_ptr<Kept> kept_;
};

}  // namespace larmor::sqlite

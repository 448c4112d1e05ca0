#include "backends/sqlite/sqlite.h"

#include <sqlite3.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace larmor::sqlite {
namespace {

Error error_of(sqlite3* connection, std::string_view doing) {
  const int primary = sqlite3_errcode(connection);
  const auto code =
      primary == SQLITE_FULL                                  ? Code::out_of_space
      : primary == SQLITE_CONSTRAINT                          ? Code::conflict
      : primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB ? Code::corrupt
      : primary == SQLITE_BUSY || primary == SQLITE_LOCKED || primary == SQLITE_IOERR || primary == SQLITE_CANTOPEN
          ? Code::unavailable
          : Code::internal;
  return {code, fmt::format("SQLite could not {}: {}", doing, sqlite3_errmsg(connection)), {}, {}};
}

}  // namespace

/// The one that was used last stands at the end.
class Kept {
 public:
  Kept() = default;
  Kept(const Kept&) = delete;
  ~Kept() {
    for (auto* statement : idle_) sqlite3_finalize(statement);
  }
  sqlite3_stmt* take(std::string_view sql) {
    const auto found =
        std::find_if(idle_.rbegin(), idle_.rend(), [&](sqlite3_stmt* one) { return sql == sqlite3_sql(one); });
    if (found == idle_.rend()) return nullptr;
    auto* statement = *found;
    idle_.erase(std::prev(found.base()));
    return statement;
  }
  void give_back(sqlite3_stmt* statement) {
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    idle_.push_back(statement);
    if (idle_.size() <= kMost) return;
    sqlite3_finalize(idle_.front());
    idle_.erase(idle_.begin());
  }

 private:
  static constexpr std::size_t kMost = 16;
  std::vector<sqlite3_stmt*> idle_;
};

Statement::Statement(Statement&& other) noexcept
    : home_(std::move(other.home_)), statement_(std::exchange(other.statement_, nullptr)) {}
Statement& Statement::operator=(Statement&& other) noexcept {
  std::swap(home_, other.home_);
  std::swap(statement_, other.statement_);
  return *this;
}
Statement::~Statement() {
  if (statement_) home_->give_back(statement_);
}

void Statement::reset() {
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
}

void Statement::bind_one(int index, std::int64_t value) {
  sqlite3_bind_int64(statement_, index, value);
}
void Statement::bind_one(int index, double value) {
  sqlite3_bind_double(statement_, index, value);
}
void Statement::bind_one(int index, std::nullptr_t) {
  sqlite3_bind_null(statement_, index);
}
void Statement::bind_one(int index, std::string_view value) {
  sqlite3_bind_text64(statement_, index, value.data() ? value.data() : "", value.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
}

Result<bool> Statement::step() {
  switch (sqlite3_step(statement_)) {
    case SQLITE_ROW:
      return true;
    case SQLITE_DONE:
      sqlite3_reset(statement_);
      return false;
    default:
      break;
  }
  auto error = error_of(sqlite3_db_handle(statement_), sqlite3_sql(statement_));
  sqlite3_reset(statement_);
  return fail_with(std::move(error));
}

Result<void> Statement::run() {
  while (TRY(step())) {
  }
  return {};
}

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(statement_, column);
}
double Statement::real(int column) const {
  return sqlite3_column_double(statement_, column);
}
bool Statement::null(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}
std::string Statement::text(int column) const {
  const auto* data = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
  return data ? std::string(data, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))) : std::string();
}

Result<Database> Database::open(const std::filesystem::path& path, Durability durability) {
  sqlite3* connection = nullptr;
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
  const int opened = sqlite3_open_v2(path.c_str(), &connection, flags, nullptr);
  Database database(connection);
  if (opened != SQLITE_OK) return fail_with(error_of(connection, fmt::format("open {}", path.string())));
  sqlite3_busy_timeout(connection, 10'000);
  CHECK_OK(database.execute("PRAGMA journal_mode=WAL; PRAGMA foreign_keys=ON;"));
  CHECK_OK(database.execute(durability == Durability::full ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=NORMAL"));
  return database;
}

Database::Database(sqlite3* connection) : connection_(connection), kept_(std::make_shared<Kept>()) {}
Database::Database(Database&& other) noexcept
    : connection_(std::exchange(other.connection_, nullptr)), kept_(std::move(other.kept_)) {}
Database& Database::operator=(Database&& other) noexcept {
  std::swap(connection_, other.connection_);
  std::swap(kept_, other.kept_);
  return *this;
}
Database::~Database() {
  kept_ = nullptr;
  sqlite3_close_v2(connection_);
}

Result<void> Database::execute(const std::string& sql) {
  if (sqlite3_exec(connection_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
    return fail_with(error_of(connection_, sql.substr(0, 60)));
  return {};
}

Result<Statement> Database::prepare(std::string_view sql) {
  if (auto* again = kept_->take(sql)) return Statement(kept_, again);
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v3(connection_, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT, &statement,
                         nullptr) != SQLITE_OK)
    return fail_with(error_of(connection_, fmt::format("prepare '{}'", sql)));
  return Statement(kept_, statement);
}

std::int64_t Database::last_insert_id() const {
  return sqlite3_last_insert_rowid(connection_);
}
std::int64_t Database::changes() const {
  return sqlite3_changes64(connection_);
}

}  // namespace larmor::sqlite

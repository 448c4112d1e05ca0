#include "services/accounts/adapters/news.h"

#include "base/random.h"

namespace larmor::accounts {
namespace {

constexpr auto kSchema = R"(
CREATE TABLE IF NOT EXISTS news (id INTEGER PRIMARY KEY AUTOINCREMENT, type TEXT NOT NULL, fields TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS identity (one INTEGER PRIMARY KEY CHECK (one = 1), token TEXT NOT NULL);
)";
constexpr std::int64_t kMost = 100'000;
constexpr int kBatch = 500;

}  // namespace

Result<News> News::open(sqlite::Database& db) {
  CHECK_OK(db.execute(kSchema));
  auto insert = TRY(db.prepare("INSERT OR IGNORE INTO identity VALUES (1, ?1)"));
  CHECK_OK(insert.bind(random_token()).run());
  auto select = TRY(db.prepare("SELECT token FROM identity"));
  TRY(select.step());
  return News("accounts/" + select.text(0) + "/");
}

Result<void> News::add(sqlite::Database& db, const std::string& type, const Json& fields) const {
  auto count = TRY(db.prepare("SELECT coalesce(max(id) - min(id) + 1, 0) FROM news"));
  TRY(count.step());
  if (count.integer(0) >= kMost)
    return fail_with({Code::unavailable, fmt::format("the event log has taken none of {} changes of accounts", kMost),
                      "Nothing is changed until it does.", ""});
  auto insert = TRY(db.prepare("INSERT INTO news (type, fields) VALUES (?1, ?2)"));
  return insert.bind(type, fields.dump(-1, ' ', false, Json::error_handler_t::replace)).run();
}

Result<News::Batch> News::oldest(sqlite::Database& db) const {
  Batch batch;
  auto select = TRY(db.prepare("SELECT id, type, fields FROM news ORDER BY id LIMIT ?1"));
  select.bind(kBatch);
  while (TRY(select.step())) {
    batch.last = select.integer(0);
    batch.events.push_back(
        {select.text(1), "accounts", {}, TRY(parse_json(select.text(2))), prefix_ + std::to_string(batch.last)});
  }
  return batch;
}

Result<void> News::forget(sqlite::Database& db, const Batch& batch) const {
  auto remove = TRY(db.prepare("DELETE FROM news WHERE id <= ?1"));
  return remove.bind(batch.last).run();
}

}  // namespace larmor::accounts

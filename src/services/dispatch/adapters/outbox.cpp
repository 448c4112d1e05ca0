#include "services/dispatch/adapters/outbox.h"

#include "base/random.h"

namespace larmor::dispatch {

Result<Outbox> Outbox::open(sqlite::Database& db) {
  CHECK_OK(
      db.execute("CREATE TABLE IF NOT EXISTS outbox (id INTEGER PRIMARY KEY AUTOINCREMENT, type TEXT NOT NULL, study "
                 "TEXT NOT NULL,"
                 " fields TEXT NOT NULL);"
                 "CREATE TABLE IF NOT EXISTS identity (one INTEGER PRIMARY KEY CHECK (one = 1), token TEXT NOT NULL)"));
  auto insert = TRY(db.prepare("INSERT OR IGNORE INTO identity VALUES (1, ?1)"));
  CHECK_OK(insert.bind(random_token()).run());
  auto select = TRY(db.prepare("SELECT token FROM identity"));
  TRY(select.step());
  return Outbox("dispatch/" + select.text(0) + "/");
}

Result<void> Outbox::add(sqlite::Database& db, const events::NewEvent& event) {
  auto insert = TRY(db.prepare("INSERT INTO outbox (type, study, fields) VALUES (?1, ?2, ?3)"));
  return insert.bind(event.type, event.study.str(), event.fields.dump(-1, ' ', false, Json::error_handler_t::replace))
      .run();
}

Result<Outbox::Batch> Outbox::oldest(sqlite::Database& db, int limit) {
  Batch batch;
  auto select = TRY(db.prepare("SELECT id, type, study, fields FROM outbox ORDER BY id LIMIT ?1"));
  select.bind(limit);
  while (TRY(select.step())) {
    batch.last = select.integer(0);
    batch.events.push_back({select.text(1), "dispatch", StudyUid(select.text(2)), TRY(parse_json(select.text(3))),
                            prefix_ + std::to_string(batch.last)});
  }
  return batch;
}

Result<void> Outbox::forget(sqlite::Database& db, const Batch& batch) {
  auto remove = TRY(db.prepare("DELETE FROM outbox WHERE id <= ?1"));
  return remove.bind(batch.last).run();
}

Result<std::int64_t> Outbox::waiting(sqlite::Database& db) {
  auto count = TRY(db.prepare("SELECT coalesce(max(id) - min(id) + 1, 0) FROM outbox"));
  TRY(count.step());
  return count.integer(0);
}

}  // namespace larmor::dispatch

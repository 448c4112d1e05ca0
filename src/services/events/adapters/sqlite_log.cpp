#include "services/events/adapters/sqlite_log.h"

#include "services/events/core/check.h"

namespace larmor::events {
namespace {

constexpr auto kSchema = R"(
CREATE TABLE IF NOT EXISTS event (
  seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, type TEXT NOT NULL, service TEXT NOT NULL, study TEXT NOT NULL,
  key TEXT NOT NULL, fields TEXT NOT NULL);
CREATE UNIQUE INDEX IF NOT EXISTS event_key ON event (key) WHERE key <> '';
CREATE INDEX IF NOT EXISTS event_study ON event (study, seq) WHERE study <> '';
CREATE INDEX IF NOT EXISTS event_type ON event (type, seq);
CREATE TABLE IF NOT EXISTS reader_cursor (reader TEXT PRIMARY KEY, seq INTEGER NOT NULL) WITHOUT ROWID;
)";

constexpr std::size_t kMostPerCommit = 50'000;  // events; so that nobody waits long behind a crowd
constexpr std::size_t kTail = 2048;             // events in memory, about 2 KiB each
constexpr std::size_t kMostMergedTypes = 64;    // SQLite merges that many index ranges; beyond, it filters
constexpr std::string_view kColumns = "seq, at, type, service, study, key, fields";

/// A jump from each type to the next one in the index: quick however long the log is.
Result<std::set<std::string, std::less<>>> known_types(sqlite::Database& database) {
  std::set<std::string, std::less<>> types;
  auto next = TRY(database.prepare("SELECT min(type) FROM event WHERE type > ?1"));
  for (std::string type;;) {
    if (!TRY(next.bind(type).step()) || next.null(0)) return types;
    type = next.text(0);
    types.insert(type);
  }
}

Result<Event> event_of(const sqlite::Statement& row) {
  Event event;
  event.seq = row.integer(0);
  event.at = Time(Duration(row.integer(1)));
  event.type = row.text(2);
  event.service = row.text(3);
  event.study = StudyUid(row.text(4));
  event.key = row.text(5);
  event.fields = TRY(parse_json(row.text(6)));
  return event;
}

Result<std::string> text_of(const NewEvent& event) {
  if (event.fields.is_null()) return "{}";
  auto text = event.fields.dump(-1, ' ', false, Json::error_handler_t::replace);
  if (text.size() > kLargestFields)
    return fail(Code::too_large, "the fields of a {} take {} bytes, more than {}", event.type, text.size(),
                kLargestFields);
  return text;
}

/// Each shape of query walks one index in order of seq and stops at the limit; none sorts the log. A study's events
/// have their index named: left to itself, SQLite walks all events of the types that were asked for.
std::string sql_of(const Query& query, const std::vector<std::string>& types) {
  const bool all = query.types.empty();
  const auto* falling = query.newest_first ? " DESC" : "";
  const auto in_types = [&] {
    std::string marks;
    for (std::size_t i = 0; i < types.size(); ++i) marks += fmt::format("{}?{}", i ? "," : "", i + 5);
    return fmt::format(" AND type IN ({})", marks);
  };
  if (!query.study.empty())
    return fmt::format(
        "SELECT {} FROM event INDEXED BY event_study "
        "WHERE study = ?4 AND study <> '' AND seq > ?1 AND seq <= ?2{} ORDER BY seq{} LIMIT ?3",
        kColumns, all ? "" : in_types(), falling);
  if (all || types.size() > kMostMergedTypes)
    return fmt::format("SELECT {} FROM event WHERE seq > ?1 AND seq <= ?2{} ORDER BY seq{} LIMIT ?3", kColumns,
                       all ? "" : in_types(), falling);
  std::string sql;
  for (std::size_t i = 0; i < types.size(); ++i)
    sql += fmt::format(
        "{}SELECT * FROM (SELECT {} FROM event WHERE type = ?{} AND seq > ?1 AND seq <= ?2 ORDER BY seq{} LIMIT ?3)",
        i ? " UNION ALL " : "", kColumns, i + 5, falling);
  return fmt::format("{} ORDER BY 1{} LIMIT ?3", sql, falling);
}

/// Fields are in no index: what they choose is picked from the rows that the rest of the query gives.
int most_rows(const Query& query) {
  return query.fields.empty() ? query.limit : std::max(query.limit, kMostLooked);
}

}  // namespace

Result<std::unique_ptr<SqliteLog>> SqliteLog::open(const std::filesystem::path& file, const Clock& clock) {
  auto database = TRY(sqlite::Database::open(file, sqlite::Durability::full));
  CHECK_OK(database.execute(kSchema));
  auto newest = TRY(database.prepare("SELECT coalesce(max(seq), 0) FROM event"));
  CHECK_OK(newest.step());
  const Seq last = newest.integer(0);
  auto types = TRY(known_types(database));
  auto insert = TRY(database.prepare("INSERT OR IGNORE INTO event VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"));
  auto find_key = TRY(database.prepare("SELECT seq FROM event WHERE key = ?1 AND key <> ''"));
  auto move_cursor = TRY(database.prepare(
      "INSERT INTO reader_cursor VALUES (?1, ?2) ON CONFLICT (reader) DO UPDATE SET seq = max(seq, excluded.seq)"));
  Writer writer{std::move(database), std::move(insert), std::move(find_key), std::move(move_cursor)};
  return std::unique_ptr<SqliteLog>(new SqliteLog(file, clock, std::move(writer), last, std::move(types)));
}

SqliteLog::SqliteLog(const std::filesystem::path& file, const Clock& clock, Writer writer, Seq last,
                     std::set<std::string, std::less<>> types)
    : clock_(clock),
      readers_(file, 4),
      writer_(std::move(writer)),
      last_(last),
      tail_(kTail, last),
      types_(std::move(types)) {}

Result<Seq> SqliteLog::append(std::span<const NewEvent> events, const Call& call) {
  CHECK_OK(check(events));
  Wish wish{.events = events};
  wish.fields.reserve(events.size());
  for (const auto& event : events) wish.fields.push_back(TRY(text_of(event)));
  CHECK_OK(submit(wish, call));
  return wish.seq;
}

Result<void> SqliteLog::advance(const std::string& reader, Seq seq, const Call& call) {
  if (reader.empty() || reader.size() > 128)
    return fail_with({Code::invalid, "a reader's name has 1 to 128 characters", "", "reader"});
  Wish wish{.reader = &reader, .seq = seq};
  return submit(wish, call);
}

Result<void> SqliteLog::submit(Wish& wish, const Call& call) {
  std::unique_lock lock(mutex_);
  waiting_.push_back(&wish);
  while (!wish.answered) {
    if (!led_) {
      lead(lock);
    } else if (wish.taken) {
      answered_.wait(lock);  // its fate is being decided: a time-out here would leave the caller not knowing
    } else if (answered_.wait_until(lock, call.deadline) == std::cv_status::timeout && !wish.taken && led_) {
      std::erase(waiting_, &wish);
      return fail(Code::timed_out, "the event log was busy until the deadline; nothing was appended");
    }
  }
  if (wish.error) return fail_with(std::move(*wish.error));
  return {};
}

/// Called with the lock held and nobody leading; commits the front of the queue, which need not contain the caller's
/// own wish.
void SqliteLog::lead(std::unique_lock<std::mutex>& lock) {
  std::vector<Wish*> batch;
  for (std::size_t events = 0; !waiting_.empty() && events < kMostPerCommit; waiting_.pop_front()) {
    waiting_.front()->taken = true;
    events += waiting_.front()->events.size() + 1;
    batch.push_back(waiting_.front());
  }
  led_ = true;
  const Seq from = last_;
  lock.unlock();
  auto committed = commit(batch, from);
  lock.lock();
  led_ = false;
  for (auto* wish : batch) {
    if (!committed) wish->error = committed.error();
    wish->answered = true;
  }
  if (committed && !committed->empty()) {
    for (const auto& event : *committed)
      if (!types_.contains(event->type)) types_.insert(event->type);
    tail_.add(*committed);
    last_ = committed->back()->seq;
    grown_.notify_all();
  }
  answered_.notify_all();
}

/// The events that are new, in order; those of a repeated key are not among them.
Result<SharedEvents> SqliteLog::commit(std::span<Wish* const> wishes, Seq from) {
  return writer_.database.transaction([&]() -> Result<SharedEvents> {
    SharedEvents fresh;
    for (auto* wish : wishes) {
      if (wish->reader) CHECK_OK(writer_.move_cursor.bind(*wish->reader, wish->seq).run());
      for (std::size_t i = 0; i < wish->events.size(); ++i)
        wish->seq = TRY(insert(wish->events[i], wish->fields[i], from + static_cast<Seq>(fresh.size()), fresh));
    }
    return fresh;
  });
}

Result<Seq> SqliteLog::insert(const NewEvent& event, const std::string& fields, Seq last, SharedEvents& fresh) {
  const Time at = clock_.now();
  CHECK_OK(writer_.insert
               .bind(last + 1, at.time_since_epoch().count(), event.type, event.service, event.study.str(), event.key,
                     fields)
               .run());
  if (writer_.database.changes() == 1) {
    Event stored;
    stored.type = event.type;
    stored.service = event.service;
    stored.study = event.study;
    stored.fields = TRY(parse_json(fields));  // as a reader of the file sees them
    stored.key = event.key;
    stored.seq = last + 1;
    stored.at = at;
    fresh.push_back(std::make_shared<const Event>(std::move(stored)));
    return last + 1;
  }
  if (!TRY(writer_.find_key.bind(event.key).step()))
    return fail(Code::internal, "event {} was neither new nor known", last + 1);
  const Seq known = writer_.find_key.integer(0);
  writer_.find_key.bind();
  return known;
}

Result<Page> SqliteLog::read(const Query& asked, const Call& call) {
  CHECK_OK(check(asked));
  const auto until = std::min(call.deadline, std::chrono::steady_clock::now() + asked.wait);
  Query query = asked;
  for (;;) {
    Seq last;
    std::vector<std::string> types;
    SharedEvents tail;
    bool from_file = false;
    {
      const std::lock_guard lock(mutex_);
      last = last_;
      from_file = query.newest_first || !tail_.reaches(query.after);
      if (!from_file) tail = tail_.find(query);
      if (from_file && !query.types.empty()) types = covered(query.types, types_);
    }
    Page page{{}, last};
    for (const auto& event : tail) page.events.push_back(*event);
    if (tail.size() == static_cast<std::size_t>(query.limit)) page.next = tail.back()->seq;
    if (from_file) page = TRY(read_once(query, last, types));
    if (!page.events.empty() || page.next > 0 || query.newest_first) return page;
    query.after = std::max(query.after, last);  // no need to look at these again
    std::unique_lock lock(mutex_);
    if (!grown_.wait_until(lock, until, [&] { return last_ > last; })) return page;
  }
}

Result<Page> SqliteLog::read_once(const Query& query, Seq last, const std::vector<std::string>& types) {
  Page page{{}, last};
  if (!query.types.empty() && types.empty()) return page;
  auto reader = TRY(readers_.lease());
  auto select = TRY(reader->prepare(sql_of(query, types)));
  select.bind(query.after, query.before > 0 ? std::min(last, query.before - 1) : last, most_rows(query));
  if (!query.study.empty()) select.bind_at(4, query.study.str());
  for (std::size_t i = 0; i < types.size(); ++i) select.bind_at(static_cast<int>(i) + 5, types[i]);
  const int most = most_rows(query);
  for (int looked = 0; TRY(select.step());) {
    auto event = TRY(event_of(select));
    ++looked;
    const Seq seq = event.seq;
    if (chosen(query, event)) page.events.push_back(std::move(event));
    const bool full = page.events.size() == static_cast<std::size_t>(query.limit);
    if (!full && looked < most) continue;
    page.next = seq;
    break;
  }
  return page;
}

Result<Seq> SqliteLog::cursor(const std::string& reader, const Call&) {
  auto database = TRY(readers_.lease());
  auto select = TRY(database->prepare("SELECT seq FROM reader_cursor WHERE reader = ?1"));
  if (!TRY(select.bind(reader).step())) return 0;
  return select.integer(0);
}

}  // namespace larmor::events

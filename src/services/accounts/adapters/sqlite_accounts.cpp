#include "services/accounts/adapters/sqlite_accounts.h"

#include "base/log.h"
#include "services/accounts/core/roles.h"

namespace larmor::accounts {
namespace {

constexpr auto kSchema = R"(
CREATE TABLE IF NOT EXISTS user (
  name TEXT PRIMARY KEY, role TEXT NOT NULL, disabled INTEGER NOT NULL DEFAULT 0, subject TEXT NOT NULL DEFAULT '',
  proof TEXT NOT NULL, made INTEGER NOT NULL, last_sign_in INTEGER) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS session (
  id INTEGER PRIMARY KEY AUTOINCREMENT, digest TEXT NOT NULL UNIQUE, user TEXT NOT NULL REFERENCES user (name),
  address TEXT NOT NULL, made INTEGER NOT NULL, used INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS session_user ON session (user, id);
CREATE TABLE IF NOT EXISTS token (
  id TEXT PRIMARY KEY, digest TEXT NOT NULL UNIQUE, name TEXT NOT NULL, rights TEXT NOT NULL, made INTEGER NOT NULL,
  expires INTEGER NOT NULL, used INTEGER, revoked INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
)";

/// How long it is believed that there is no user: every request asks. Shorter than `larmor users add` takes to end.
constexpr auto kNobody = 5ms;

std::int64_t to_store(Time time) {
  return time.time_since_epoch().count();
}

Error no_user(const std::string& name) {
  return {Code::not_found, fmt::format("there is no user '{}'", name.substr(0, 64)), "larmor users list", "/name"};
}

}  // namespace

/// Waits for a place until the call's deadline.
class SqliteAccounts::Place {
 public:
  static Result<Place> take(SqliteAccounts& home, const Call& call) {
    std::unique_lock lock(home.places_mutex_);
    if (!home.place_free_.wait_until(lock, call.deadline, [&] { return home.places_ > 0; }))
      return fail_with({Code::unavailable, "too many sign in at once", "Try again in a moment.", ""});
    --home.places_;
    return Place(home);
  }
  Place(Place&& other) noexcept : home_(std::exchange(other.home_, nullptr)) {}
  Place& operator=(Place&&) = delete;
  ~Place() {
    if (!home_) return;
    const std::lock_guard lock(home_->places_mutex_);
    ++home_->places_;
    home_->place_free_.notify_one();
  }

 private:
  explicit Place(SqliteAccounts& home) : home_(&home) {}
  SqliteAccounts* home_;
};

Result<std::unique_ptr<SqliteAccounts>> SqliteAccounts::open(const std::filesystem::path& file,
                                                             const AccountsOptions& options, const Clock& clock) {
  auto db = TRY(sqlite::Database::open(file, sqlite::Durability::full));
  CHECK_OK(db.execute(kSchema));
  auto news = TRY(News::open(db));
  return std::unique_ptr<SqliteAccounts>(new SqliteAccounts(std::move(db), std::move(news), options, clock));
}

Result<bool> SqliteAccounts::required(const Call&) {
  if (has_provider_ || has_user_) return true;
  const auto now = std::chrono::steady_clock::now();
  if (now < nobody_until_.load()) return false;
  const std::lock_guard lock(mutex_);
  auto any_user = TRY(db_.prepare("SELECT EXISTS (SELECT 1 FROM user)"));
  TRY(any_user.bind().step());
  has_user_ = any_user.integer(0) != 0;
  nobody_until_ = now + kNobody;
  return has_user_.load();
}

/// What proves the user's password; empty where nobody can sign in with one.
Result<std::string> SqliteAccounts::proof(const std::string& user) {
  const std::lock_guard lock(mutex_);
  auto select = TRY(db_.prepare("SELECT proof FROM user WHERE name = ?1 AND NOT disabled"));
  return TRY(select.bind(user).step()) ? select.text(0) : std::string();
}

/// Is this the user's password? Zero when it is, otherwise how long to wait; a wrong one is an error.
Result<Duration> SqliteAccounts::check(const Credentials& who, const Call& call) {
  const auto place = TRY(Place::take(*this, call));
  {
    const std::lock_guard lock(mutex_);
    const auto now = clock_.now();
    const auto wait = attempts_.begin(who.name, who.address, now);
    if (wait > 0s) return wait;
  }
  const bool right = TRY(proves(who.password, TRY(proof(who.name)), cost_));
  const std::lock_guard lock(mutex_);
  if (right) return attempts_.succeeded(who.name, who.address), Duration{};
  const bool known_name = check_name(who.name).has_value();  // else it may be a password in the wrong field
  CHECK_OK(db_.transaction([&] {
    return news_.add(db_, "account.refused", {{"user", known_name ? who.name : "?"}, {"address", who.address}});
  }));
  return fail_with({Code::unauthenticated, "the name or the password is wrong", "", ""});
}

Result<SignIn> SqliteAccounts::sign_in(const Credentials& who, const Call& call) {
  if (const auto wait = TRY(check(who, call)); wait > 0s) return SignIn{{}, wait};
  const std::lock_guard lock(mutex_);
  return SignIn{TRY(db_.transaction([&] { return open_session(who.name, who.address); })), {}};
}

Result<SignIn> SqliteAccounts::change_password(const Credentials& old, const Secret& fresh, const Call& call) {
  CHECK_OK(check_password(old.name, fresh));
  if (const auto wait = TRY(check(old, call)); wait > 0s) return SignIn{{}, wait};
  CHECK_OK(change_user(old.name, {.role = {}, .disabled = {}, .password = fresh}, call));
  const std::lock_guard lock(mutex_);
  return SignIn{TRY(db_.transaction([&] { return open_session(old.name, old.address); })), {}};
}

Result<std::vector<User>> SqliteAccounts::users(const Call&) {
  const std::lock_guard lock(mutex_);
  auto select =
      TRY(db_.prepare("SELECT name, role, disabled, subject <> '', made, last_sign_in FROM user ORDER BY name"));
  std::vector<User> users;
  while (TRY(select.step())) {
    User user{select.text(0),         TRY(role_of(select.text(1))),      select.integer(2) != 0,
              select.integer(3) != 0, Time(Duration(select.integer(4))), {}};
    if (!select.null(5)) user.last_sign_in = Time(Duration(select.integer(5)));
    users.push_back(std::move(user));
  }
  return users;
}

Result<void> SqliteAccounts::add_user(const std::string& user, Role role, const Secret& password, const Call& call) {
  CHECK_OK(check_name(user));
  CHECK_OK(check_password(user, password));
  std::string proof;
  {
    const auto place = TRY(Place::take(*this, call));
    proof = TRY(proof_of(password, cost_));
  }
  const std::lock_guard lock(mutex_);
  nobody_until_ = std::chrono::steady_clock::time_point();
  return db_.transaction([&]() -> Result<void> {
    auto insert = TRY(db_.prepare("INSERT OR IGNORE INTO user (name, role, proof, made) VALUES (?1, ?2, ?3, ?4)"));
    CHECK_OK(insert.bind(user, std::string(name(role)), proof, to_store(clock_.now())).run());
    if (db_.changes() == 0)
      return fail_with({Code::conflict, fmt::format("there is a user '{}' already", user),
                        "A name means one person for ever; a disabled one can be enabled again.", "/name"});
    return news_.add(db_, "account.added", {{"user", user}, {"role", name(role)}});
  });
}

Result<void> SqliteAccounts::change_user(const std::string& user, const UserChange& change, const Call& call) {
  std::string proof;
  if (change.password) {
    CHECK_OK(check_password(user, *change.password));
    const auto place = TRY(Place::take(*this, call));
    proof = TRY(proof_of(*change.password, cost_));
  }
  const std::lock_guard lock(mutex_);
  return db_.transaction([&]() -> Result<void> {
    if (change.password && TRY(is_visitor(user)))
      return fail_with({Code::conflict, fmt::format("{} signs in with the provider and has no password here", user), "",
                        "/password"});
    auto update =
        TRY(db_.prepare("UPDATE user SET role = coalesce(?2, role), disabled = coalesce(?3, disabled), "
                        "proof = coalesce(?4, proof) WHERE name = ?1"));
    Json fields = {{"user", user}, {"password", change.password.has_value()}};
    std::optional<std::string> role;
    std::optional<int> disabled;
    if (change.role) role = name(*change.role), fields["role"] = *role;
    if (change.disabled) disabled = *change.disabled ? 1 : 0, fields["disabled"] = *change.disabled;
    CHECK_OK(update.bind(user, role, disabled, change.password ? std::optional(proof) : std::nullopt).run());
    if (db_.changes() == 0) return fail_with(no_user(user));
    if (change.password || change.disabled.value_or(false)) CHECK_OK(end_sessions(user));
    return news_.add(db_, "account.changed", fields);
  });
}

Result<bool> SqliteAccounts::is_visitor(const std::string& user) {
  auto select = TRY(db_.prepare("SELECT 1 FROM user WHERE name = ?1 AND subject <> ''"));
  return select.bind(user).step();
}

Result<void> SqliteAccounts::tend(events::EventLog& log) {
  News::Batch batch;
  {
    const std::lock_guard lock(mutex_);
    // A session that nobody asked with is gone after the longest life of any.
    auto ended = TRY(db_.prepare("DELETE FROM session WHERE made < ?1"));
    CHECK_OK(ended.bind(to_store(clock_.now() - policy_.most)).run());
    batch = TRY(news_.oldest(db_));
  }
  if (batch.events.empty()) return {};
  CHECK_OK(log.append(batch.events, Call::within(10s)));
  const std::lock_guard lock(mutex_);
  return news_.forget(db_, batch);
}

void SqliteAccounts::keep_tending(events::EventLog& log) {
  tending_ = std::jthread([this, &log](const std::stop_token& stopping) {
    std::mutex mutex;
    std::condition_variable_any pause;
    for (bool well = true; !stopping.stop_requested();) {
      const auto tended = tend(log);
      if (!tended && well) log::warn("accounts", "changes of accounts wait: {}", to_string(tended.error()));
      well = tended.has_value();
      std::unique_lock lock(mutex);
      pause.wait_for(lock, stopping, 1s, [] { return false; });
    }
    (void)tend(log);  // what is not handed over now waits for the next start
  });
}

}  // namespace larmor::accounts

/// Sessions and tokens: what callers show after they have proved who they are.
#include "base/random.h"
#include "services/accounts/adapters/sqlite_accounts.h"
#include "services/accounts/core/roles.h"

namespace larmor::accounts {
namespace {

constexpr int kSessions = 200, kTokens = 1'000;
constexpr auto kNoted = 1min;  // the last use is written down this often, not with every request

std::int64_t to_store(Time time) {
  return time.time_since_epoch().count();
}

Time from_store(std::int64_t stored) {
  return Time(Duration(stored));
}

Error ended() {
  return {Code::unauthenticated, "this session has ended", "Sign in again.", ""};
}

}  // namespace

/// Inside a transaction. Always a new secret: nobody can have planted it before (session fixation).
Result<SignedIn> SqliteAccounts::open_session(const std::string& user, const std::string& address) {
  const auto now = clock_.now();
  auto select = TRY(db_.prepare("SELECT role FROM user WHERE name = ?1 AND NOT disabled"));
  if (!TRY(select.bind(user).step())) return fail_with(ended());
  const auto role = TRY(role_of(select.text(0)));
  const auto secret = new_secret("");
  auto insert = TRY(db_.prepare("INSERT INTO session (digest, user, address, made, used) VALUES (?1, ?2, ?3, ?4, ?4)"));
  CHECK_OK(insert.bind(digest_of(secret), user, address, to_store(now)).run());
  const auto id = db_.last_insert_id();
  auto bound = TRY(db_.prepare(
      "DELETE FROM session WHERE user = ?1 AND id NOT IN (SELECT id FROM session WHERE user = ?1 ORDER BY id DESC "
      "LIMIT ?2)"));
  CHECK_OK(bound.bind(user, kSessions).run());
  auto note = TRY(db_.prepare("UPDATE user SET last_sign_in = ?2 WHERE name = ?1"));
  CHECK_OK(note.bind(user, to_store(now)).run());
  CHECK_OK(news_.add(db_, "account.signed_in", {{"user", user}, {"address", address}, {"session", id}}));
  return SignedIn{secret, {user, role, rights_of(role), fmt::format("session {}", id), now + policy_.most}};
}

/// Inside a transaction. The name by which the subject is known here, with the role that the provider says now; new
/// ones are made. Somebody else's name is nobody's way in.
Result<std::string> SqliteAccounts::name_of(const Visitor& visitor) {
  const std::string role(name(visitor.role));
  auto known = TRY(db_.prepare("SELECT name, role, disabled FROM user WHERE subject = ?1"));
  if (TRY(known.bind(visitor.subject).step())) {
    const auto user = known.text(0);
    if (known.integer(2) != 0)
      return fail_with({Code::forbidden, fmt::format("{} may not sign in any more", user),
                        "An administrator of this Larmor can change that.", ""});
    if (known.text(1) == role) return user;
    auto update = TRY(db_.prepare("UPDATE user SET role = ?2 WHERE name = ?1"));
    CHECK_OK(update.bind(user, role).run());
    CHECK_OK(news_.add(db_, "account.changed", {{"user", user}, {"password", false}, {"role", role}}));
    return user;
  }
  CHECK_OK(check_name(visitor.name));
  auto insert =
      TRY(db_.prepare("INSERT OR IGNORE INTO user (name, role, subject, proof, made) VALUES (?1, ?2, ?3, '', ?4)"));
  CHECK_OK(insert.bind(visitor.name, role, visitor.subject, to_store(clock_.now())).run());
  if (db_.changes() == 0)
    return fail_with({Code::conflict, fmt::format("the name {} is somebody else's here", visitor.name),
                      "An administrator of this Larmor sorts that out.", ""});
  CHECK_OK(news_.add(db_, "account.added", {{"user", visitor.name}, {"role", role}}));
  return visitor.name;
}

Result<SignedIn> SqliteAccounts::sign_in_elsewhere(const Visitor& visitor, const Call&) {
  const std::lock_guard lock(mutex_);
  return db_.transaction([&]() -> Result<SignedIn> { return open_session(TRY(name_of(visitor)), visitor.address); });
}

Result<Caller> SqliteAccounts::of_session(const Secret& secret, const Call&) {
  const std::lock_guard lock(mutex_);
  auto select =
      TRY(db_.prepare("SELECT session.id, user.name, role, session.made, used FROM session JOIN user ON name = user "
                      "WHERE digest = ?1 AND NOT disabled"));
  if (!TRY(select.bind(digest_of(secret)).step())) return fail_with(ended());
  const auto now = clock_.now();
  const auto made = from_store(select.integer(3)), used = from_store(select.integer(4));
  if (now >= end_of(policy_, made, used)) return fail_with(ended());
  const auto role = TRY(role_of(select.text(2)));
  const auto id = select.integer(0);
  if (now - used >= kNoted) {
    auto note = TRY(db_.prepare("UPDATE session SET used = ?2 WHERE id = ?1"));
    CHECK_OK(note.bind(id, to_store(now)).run());
  }
  return Caller{select.text(1), role, rights_of(role), fmt::format("session {}", id), made + policy_.most};
}

Result<void> SqliteAccounts::sign_out(const Secret& secret, const Call&) {
  const std::lock_guard lock(mutex_);
  return db_.transaction([&]() -> Result<void> {
    auto select = TRY(db_.prepare("SELECT id, user FROM session WHERE digest = ?1"));
    if (!TRY(select.bind(digest_of(secret)).step())) return {};
    const auto id = select.integer(0);
    const auto user = select.text(1);
    auto remove = TRY(db_.prepare("DELETE FROM session WHERE id = ?1"));
    CHECK_OK(remove.bind(id).run());
    return news_.add(db_, "account.signed_out", {{"user", user}, {"session", id}});
  });
}

Result<int> SqliteAccounts::end_sessions(const std::string& user) {
  auto remove = TRY(db_.prepare("DELETE FROM session WHERE user = ?1"));
  CHECK_OK(remove.bind(user).run());
  return static_cast<int>(db_.changes());
}

Result<int> SqliteAccounts::sign_out_everywhere(const std::string& user, const Call&) {
  const std::lock_guard lock(mutex_);
  return db_.transaction([&]() -> Result<int> {
    const auto count = TRY(end_sessions(user));
    if (count > 0) CHECK_OK(news_.add(db_, "account.signed_out", {{"user", user}, {"sessions", count}}));
    return count;
  });
}

Result<std::vector<Token>> SqliteAccounts::tokens(const Call&) {
  const std::lock_guard lock(mutex_);
  auto select =
      TRY(db_.prepare("SELECT id, name, rights, made, expires, used, revoked FROM token ORDER BY made DESC, id"));
  std::vector<Token> tokens;
  while (TRY(select.step())) {
    Token token{TokenId(select.text(0)),        select.text(1),
                TRY(rights_of(select.text(2))), from_store(select.integer(3)),
                from_store(select.integer(4)),  {},
                select.integer(6) != 0};
    if (!select.null(5)) token.last_used = from_store(select.integer(5));
    tokens.push_back(std::move(token));
  }
  return tokens;
}

Result<std::pair<Token, Secret>> SqliteAccounts::add_token(const NewToken& wanted, const Call&) {
  CHECK_OK(check_token(wanted));
  const std::lock_guard lock(mutex_);
  const auto now = clock_.now();
  const Token token{
      TokenId(random_token().substr(0, 12)), wanted.name, wanted.rights, now, now + wanted.life, {}, false};
  const auto secret = new_secret("larmor_");
  CHECK_OK(db_.transaction([&]() -> Result<void> {
    auto count = TRY(db_.prepare("SELECT count(*) FROM token"));
    TRY(count.step());
    if (count.integer(0) >= kTokens) {
      auto old = TRY(db_.prepare("DELETE FROM token WHERE revoked OR expires < ?1"));
      CHECK_OK(old.bind(to_store(now)).run());
      if (db_.changes() == 0)
        return fail_with({Code::conflict, fmt::format("there are {} tokens already", kTokens),
                          "Revoke those that nobody uses: larmor tokens list", ""});
    }
    auto insert =
        TRY(db_.prepare("INSERT INTO token (id, digest, name, rights, made, expires) VALUES (?1, ?2, ?3, ?4, ?5, ?6)"));
    CHECK_OK(insert
                 .bind(token.id.str(), digest_of(secret), token.name, words(token.rights), to_store(token.made),
                       to_store(token.expires))
                 .run());
    return news_.add(db_, "token.made",
                     {{"token", token.id},
                      {"name", token.name},
                      {"scopes", words(token.rights)},
                      {"expires", to_rfc3339(token.expires)}});
  }));
  return std::pair(token, secret);
}

Result<Caller> SqliteAccounts::of_token(const Secret& secret, const Call&) {
  const std::lock_guard lock(mutex_);
  auto select = TRY(db_.prepare("SELECT id, name, rights, expires, used FROM token WHERE digest = ?1 AND NOT revoked"));
  const auto now = clock_.now();
  if (!TRY(select.bind(digest_of(secret)).step()))
    return fail_with({Code::unauthenticated, "this token is not known, or was revoked", "larmor tokens add", ""});
  const auto expires = from_store(select.integer(3));
  if (now >= expires)
    return fail_with({Code::unauthenticated, fmt::format("this token ended at {}", to_rfc3339(expires)),
                      "Make a new one: larmor tokens add", ""});
  if (select.null(4) || now - from_store(select.integer(4)) >= kNoted) {
    auto note = TRY(db_.prepare("UPDATE token SET used = ?2 WHERE id = ?1"));
    CHECK_OK(note.bind(select.text(0), to_store(now)).run());
  }
  return Caller{select.text(1), {}, TRY(rights_of(select.text(2))), "token " + select.text(0), expires};
}

Result<void> SqliteAccounts::revoke_token(const TokenId& id, const Call&) {
  const std::lock_guard lock(mutex_);
  return db_.transaction([&]() -> Result<void> {
    auto update = TRY(db_.prepare("UPDATE token SET revoked = 1 WHERE id = ?1"));
    CHECK_OK(update.bind(id.str()).run());
    if (db_.changes() == 0)
      return fail_with({Code::not_found, fmt::format("there is no token {}", id.str().substr(0, 40)),
                        "larmor tokens list", "token"});
    return news_.add(db_, "token.revoked", {{"token", id}});
  });
}

}  // namespace larmor::accounts

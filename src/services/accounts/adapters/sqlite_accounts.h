#pragma once
/// Accounts in one SQLite file. `larmor users` may change it while a server runs: each request reads what is there now.
///
/// Threads: any; one connection behind a mutex, which no password is computed under. Bounds: 2 passwords at once,
/// 200 sessions a user (the oldest ends), 1,000 tokens.
#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <thread>

#include "backends/sqlite/sqlite.h"
#include "services/accounts/accounts.h"
#include "services/accounts/adapters/news.h"
#include "services/accounts/adapters/password.h"
#include "services/accounts/core/attempts.h"
#include "services/accounts/core/rules.h"

namespace larmor::accounts {

struct AccountsOptions {
  SessionPolicy session;
  PasswordCost cost;          ///< of new passwords; tests of other things take a cheap one
  bool has_provider = false;  ///< people may come from elsewhere, so that everybody must sign in
};

class SqliteAccounts final : public Accounts {
 public:
  /// The clock must outlive it. ":memory:" is a file that nobody else sees.
  static Result<std::unique_ptr<SqliteAccounts>> open(const std::filesystem::path& file, const AccountsOptions&,
                                                      const Clock&);

  Result<bool> required(const Call&) override;

  Result<SignIn> sign_in(const Credentials&, const Call&) override;
  Result<Caller> of_session(const Secret&, const Call&) override;
  Result<Caller> of_token(const Secret&, const Call&) override;
  Result<SignedIn> sign_in_elsewhere(const Visitor&, const Call&) override;
  Result<void> sign_out(const Secret& session, const Call&) override;
  Result<int> sign_out_everywhere(const std::string& user, const Call&) override;

  Result<std::vector<User>> users(const Call&) override;
  Result<void> add_user(const std::string& name, Role, const Secret& password, const Call&) override;
  Result<void> change_user(const std::string& name, const UserChange&, const Call&) override;
  Result<SignIn> change_password(const Credentials& old, const Secret& fresh, const Call&) override;

  Result<std::vector<Token>> tokens(const Call&) override;
  Result<std::pair<Token, Secret>> add_token(const NewToken&, const Call&) override;
  Result<void> revoke_token(const TokenId&, const Call&) override;

  /// Hands the changes since the last time over to the event log, and forgets sessions that have ended.
  Result<void> tend(events::EventLog&);
  /// Does so every second from now on. The log must outlive it.
  void keep_tending(events::EventLog&);

 private:
  SqliteAccounts(sqlite::Database db, News news, const AccountsOptions& options, const Clock& clock)
      : db_(std::move(db)),
        news_(std::move(news)),
        policy_(options.session),
        has_provider_(options.has_provider),
        cost_(options.cost),
        clock_(clock) {}

  /// Holds one of the few places where a password is computed.
  class Place;
  Result<Duration> check(const Credentials&, const Call&);
  Result<std::string> proof(const std::string& user);
  Result<SignedIn> open_session(const std::string& user, const std::string& address);
  Result<bool> is_visitor(const std::string& user);
  Result<std::string> name_of(const Visitor&);
  Result<int> end_sessions(const std::string& user);

  std::mutex mutex_;
  sqlite::Database db_;
  std::atomic<bool> has_user_{false};  ///< what required() has seen; there always is one once there was
  std::atomic<std::chrono::steady_clock::time_point> nobody_until_{{}};
  const News news_;
  const SessionPolicy policy_;
  const bool has_provider_;
  const PasswordCost cost_;
  const Clock& clock_;
  Attempts attempts_;  ///< guarded by mutex_
  std::mutex places_mutex_;
  std::condition_variable place_free_;
  int places_ = 2;
  std::jthread tending_;  ///< ends first
};

}  // namespace larmor::accounts

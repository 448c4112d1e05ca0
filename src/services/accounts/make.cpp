#include "services/accounts/make.h"

#include "services/accounts/adapters/sqlite_accounts.h"
#include "services/accounts/settings.h"

namespace larmor::accounts {

Result<std::unique_ptr<Accounts>> make(const std::filesystem::path& directory, const Settings& settings,
                                       events::EventLog* log, const Clock& clock) {
  namespace fs = std::filesystem;
  if (!directory.empty()) {
    std::error_code error;
    fs::create_directories(directory, error);
    if (!error) fs::permissions(directory, fs::perms::owner_all, error);
    if (error) return fail(Code::unavailable, "cannot make the folder {}: {}", directory.string(), error.message());
  }
  const AccountsOptions options{{settings.seconds(kSessionIdle), settings.seconds(kSessionMost)}, {}};
  auto accounts =
      TRY(SqliteAccounts::open(directory.empty() ? fs::path(":memory:") : directory / "accounts.db", options, clock));
  if (log) accounts->keep_tending(*log);
  return accounts;
}

}  // namespace larmor::accounts

#include "services/accounts/make.h"

#include "base/file.h"
#include "base/text.h"
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
  const AccountsOptions options{
      {settings.seconds(kSessionIdle), settings.seconds(kSessionMost)}, {}, !settings.text(kOidcIssuer).empty()};
  auto accounts =
      TRY(SqliteAccounts::open(directory.empty() ? fs::path(":memory:") : directory / "accounts.db", options, clock));
  if (log) accounts->keep_tending(*log);
  return accounts;
}

Result<std::unique_ptr<Provider>> make_provider(const Settings& s, const Clock& clock) {
  if (s.text(kOidcIssuer).empty()) return std::unique_ptr<Provider>();
  auto address = s.text(kOidcAddress);
  while (address.ends_with('/')) address.pop_back();
  if (address.empty())
    return fail_with({Code::invalid, "the provider must know where to send people back to",
                      std::string(kOidcAddress.why), std::string(kOidcAddress.name)});
  ProviderOptions options{
      .issuer = s.text(kOidcIssuer),
      .client = s.text(kOidcClient),
      .secret = {},
      .back = address + std::string(kReturnPath),
      .name_claim = s.text(kOidcName),
      .scope = s.text(kOidcScope),
      .roles = {s.text(kOidcRoles), s.list(kOidcReaders), s.list(kOidcOperators), s.list(kOidcAdministrators)},
      .authorities = s.text(kOidcAuthorities)};
  if (const auto file = s.text(kOidcSecret); !file.empty())
    options.secret = Secret(std::string(trim(TRY(read_file(file, 4096)))));
  return std::make_unique<Provider>(std::move(options), clock);
}

}  // namespace larmor::accounts

#pragma once
/// Assembly of accounts: DIRECTORY/accounts.db, readable by its owner alone.
#include <filesystem>
#include <memory>

#include "base/setting.h"
#include "services/accounts/accounts.h"
#include "services/accounts/adapters/provider.h"
#include "services/events/events.h"

namespace larmor::accounts {

/// Creates the directory if need be; an empty path stands for memory that ends with the object. With a log, changes are
/// told there, also those that were made without one. The log and the clock must outlive it.
Result<std::unique_ptr<Accounts>> make(const std::filesystem::path& directory, const Settings&, events::EventLog* log,
                                       const Clock&);

/// The provider of the settings, or none. `invalid` names the setting; nobody is asked yet. The clock must outlive it.
Result<std::unique_ptr<Provider>> make_provider(const Settings&, const Clock&);

}  // namespace larmor::accounts

#pragma once
/// The wiring table: a row per service says how it is made here, how one elsewhere is reached, and which routes it has.
///
/// `House` holds what runs in this process. Members are made in the order of declaration and end in the reverse order,
/// so that the door (import) closes first and the log that everyone writes to ends last.
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "app/plan.h"
#include "net/client.h"
#include "net/http.h"
#include "services/accounts/make.h"
#include "services/dispatch/dispatch.h"
#include "services/events/events.h"
#include "services/export/export.h"
#include "services/import/import.h"
#include "services/processing/processing.h"
#include "services/storage/storage.h"
#include "services/workflow/workflow.h"

namespace larmor::app {

struct House {
  std::unique_ptr<events::EventLog> events;
  std::unique_ptr<accounts::Accounts> accounts;  ///< where the front is
  std::unique_ptr<accounts::Provider> provider;  ///< null where people sign in here only
  std::unique_ptr<storage::Storage> storage;
  std::unique_ptr<dispatch::Dispatch> dispatch;
  std::unique_ptr<workflow::Workflow> workflow;
  std::unique_ptr<processing::Processing> processing;
  std::unique_ptr<exporting::Exporting> exporting;
  std::unique_ptr<importing::Import> importing;
};

struct ServiceRow {
  std::string name;
  std::vector<std::string> needs;  ///< contracts that its maker uses
  Result<void> (*make)(const Plan&, House&);
  void (*connect)(std::shared_ptr<net::Client>, House&);
  std::vector<net::Route> (*routes)(House&);
};

/// In the order in which they are made. `front` has no row: it is the browser's listener over whatever the house holds.
const std::vector<ServiceRow>& services();

/// Makes the services named in `local` here and connects to those that they need, or that `front` shows, elsewhere.
Result<void> furnish(const Plan&, const std::set<std::string>& local, bool front, House&);

/// Routes of the services in `names`; with `browser`, without those that are for peers only.
std::vector<net::Route> routes_of(House&, const std::set<std::string>& names, bool browser);

/// The OpenAPI document of every service and of the program itself, peers' routes included.
Json openapi_document();

}  // namespace larmor::app

#include "app/wiring.h"

#include "app/own_routes.h"
#include "app/schemas.h"
#include "app/settings.h"
#include "base/version.h"
#include "net/certs.h"
#include "net/openapi.h"
#include "services/accounts/make.h"
#include "services/accounts/rest/routes.h"
#include "services/dispatch/make.h"
#include "services/dispatch/rest/remote.h"
#include "services/dispatch/rest/routes.h"
#include "services/events/make.h"
#include "services/events/rest/remote.h"
#include "services/events/rest/routes.h"
#include "services/export/make.h"
#include "services/export/rest/remote.h"
#include "services/export/rest/routes.h"
#include "services/import/make.h"
#include "services/import/rest/remote.h"
#include "services/import/rest/routes.h"
#include "services/import/settings.h"
#include "services/processing/make.h"
#include "services/processing/rest/remote.h"
#include "services/processing/rest/routes.h"
#include "services/storage/make.h"
#include "services/storage/rest/remote.h"
#include "services/storage/rest/routes.h"
#include "services/workflow/make.h"
#include "services/workflow/rest/remote.h"
#include "services/workflow/rest/routes.h"

namespace larmor::app {
namespace {

using Peer = std::shared_ptr<net::Client>;

Result<void> make_events(const Plan& p, House& h) {
  h.events = TRY(events::make(p.data / "events", p.clock));
  return {};
}
Result<void> make_storage(const Plan& p, House& h) {
  h.storage = TRY(storage::make(storage::options(p.settings, p.data / "storage"), *h.events, p.clock));
  return {};
}
Result<void> make_dispatch(const Plan& p, House& h) {
  h.dispatch = TRY(dispatch::make(p.data / "dispatch", p.settings, *h.events, p.clock));
  return {};
}
Result<void> make_workflow(const Plan& p, House& h) {
  h.workflow = TRY(workflow::make(p.rules, p.settings, *h.events, *h.storage, *h.dispatch));
  return {};
}
/// Earlier studies are asked for where results are sent to, and come to the door that everything comes to.
Result<processing::Archives> archives_of(const Settings& settings) {
  processing::Archives archives;
  for (const auto& name : settings.chosen_names("export.destinations."))
    archives.known[name] = TRY(exporting::peer_of(settings, name));
  archives.own = AeTitle(settings.text(importing::kAeTitle));
  return archives;
}
Result<void> make_processing(const Plan& p, House& h) {
  std::vector<std::string> arguments;
  if (const auto models = p.settings.text(kModelsDirectory); !models.empty())
    arguments = {"--models", std::filesystem::absolute(models).string()};  // the child works in a folder of its own
  h.processing = TRY(processing::make(p.data, p.settings, *h.storage, *h.dispatch, *h.events, p.clock,
                                      TRY(archives_of(p.settings)), {}, arguments));
  return {};
}
Result<void> make_exporting(const Plan& p, House& h) {
  h.exporting = TRY(exporting::make(p.settings, *h.events, *h.storage, *h.dispatch, p.clock));
  return {};
}
/// Where results go, objects may be sent to by C-MOVE too.
Result<void> make_importing(const Plan& p, House& h) {
  std::map<AeTitle, dimse::Peer> destinations;
  for (const auto& name : p.settings.chosen_names("export.destinations.")) {
    auto peer = TRY(exporting::peer_of(p.settings, name));
    destinations.emplace(peer.called, std::move(peer));
  }
  h.importing = TRY(importing::make(p.settings, *h.events, *h.storage, p.clock, std::move(destinations)));
  return {};
}

}  // namespace

const std::vector<ServiceRow>& services() {
  static const std::vector<ServiceRow> rows = {
      {"events",
       {},
       make_events,
       [](Peer c, House& h) { h.events = events::connect(std::move(c)); },
       [](House& h) { return events::routes(*h.events); }},
      {"storage",
       {"events"},
       make_storage,
       [](Peer c, House& h) { h.storage = storage::connect(std::move(c)); },
       [](House& h) { return storage::routes(*h.storage); }},
      {"dispatch",
       {"events"},
       make_dispatch,
       [](Peer c, House& h) { h.dispatch = dispatch::connect(std::move(c)); },
       [](House& h) { return dispatch::routes(*h.dispatch); }},
      {"workflow",
       {"events", "storage", "dispatch"},
       make_workflow,
       [](Peer c, House& h) { h.workflow = workflow::connect(std::move(c)); },
       [](House& h) { return workflow::routes(*h.workflow); }},
      {"processing",
       {"events", "storage", "dispatch"},
       make_processing,
       [](Peer c, House& h) { h.processing = processing::connect(std::move(c)); },
       [](House& h) { return processing::routes(*h.processing); }},
      {"export",
       {"events", "storage", "dispatch"},
       make_exporting,
       [](Peer c, House& h) { h.exporting = exporting::connect(std::move(c)); },
       [](House& h) { return exporting::routes(*h.exporting); }},
      {"import",
       {"events", "storage"},
       make_importing,
       [](Peer c, House& h) { h.importing = importing::connect(std::move(c)); },
       [](House& h) { return importing::routes(*h.importing); }},
  };
  return rows;
}

Result<void> furnish(const Plan& plan, const std::set<std::string>& local, bool front, House& house) {
  std::set<std::string> wanted;
  for (const auto& row : services())
    if (local.contains(row.name)) wanted.insert(row.needs.begin(), row.needs.end());
  const auto certificates = plan.settings.text(kPeerCertificates);
  const auto self = local.empty() ? std::string("front") : *local.begin();
  for (const auto& row : services()) {
    if (local.contains(row.name)) {
      CHECK_OK(row.make(plan, house));
      continue;
    }
    const auto url = plan.settings.text(kPeer, row.name);
    if (!wanted.contains(row.name) && !(front && !url.empty())) continue;
    if (url.empty())
      return fail_with(
          {Code::invalid,
           fmt::format("{} runs here and needs {}, which runs neither here nor at a known address", self, row.name),
           fmt::format("Name it: --peer {}=https://host:port", row.name), fmt::format("peers.{}", row.name)});
    net::ClientOptions options{.base = url, .tls = {}};
    if (!certificates.empty()) options.tls = net::tls_files(certificates, self, true);
    row.connect(std::shared_ptr<net::Client>(TRY(net::Client::make(options))), house);
  }
  return {};
}

std::vector<net::Route> routes_of(House& house, const std::set<std::string>& names, bool browser) {
  std::vector<net::Route> all;
  for (const auto& row : services()) {
    if (!names.contains(row.name)) continue;
    for (auto& route : row.routes(house))
      if (!browser || route.scope != net::Scope::peer) all.push_back(std::move(route));
  }
  return all;
}

Json openapi_document() {
  House nowhere;  // the rows are what is wanted; nothing is called
  std::set<std::string> names;
  for (const auto& row : services()) {
    auto client = net::Client::make({.base = "http://127.0.0.1:9", .tls = {}});
    row.connect(std::shared_ptr<net::Client>(std::move(*client)), nowhere);
    names.insert(row.name);
  }
  auto routes = routes_of(nowhere, names, false);
  for (auto& route : own_routes({})) routes.push_back(std::move(route));
  const auto nobody = accounts::make({}, Settings(all_rows()), nullptr, system_clock()).value();
  for (auto& route : accounts::routes(*nobody, false)) routes.push_back(std::move(route));
  return net::openapi(routes, schemas(), std::string(kVersion));
}

}  // namespace larmor::app

#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>

#include "app/commands.h"
#include "app/doctor.h"
#include "app/front.h"
#include "app/own_routes.h"
#include "app/settings.h"
#include "base/log.h"
#include "base/version.h"
#include "net/certs.h"
#include "net/server.h"
#include "services/import/settings.h"

namespace larmor::app {
namespace {

constexpr std::string_view kFront = "front";

/// Who runs here: the services named, or all of them.
struct Roles {
  std::set<std::string> local;
  bool front = false;
};

Result<Roles> roles_of(const std::vector<std::string>& names) {
  Roles roles;
  std::vector<std::string> known = {std::string(kFront)};
  for (const auto& row : services()) known.push_back(row.name);
  for (const auto& name : names.empty() ? known : names) {
    if (name == kFront)
      roles.front = true;
    else if (std::ranges::find(known, name) != known.end())
      roles.local.insert(name);
    else
      return fail_with({Code::invalid, fmt::format("there is no service '{}'", name),
                        fmt::format("There are: {}.", fmt::join(known, ", ")), "services"});
  }
  return roles;
}

/// What runs here, and how a PACS reaches it: for the page that a newcomer sees. A port that the system chose is not
/// known.
Json about(const Plan& plan) {
  Json about = {{"name", "larmor"}, {"version", kVersion}};
  if (const auto port = plan.settings.integer(importing::kPort); port != 0)
    about["dicom"] = {{"ae_title", plan.settings.text(importing::kAeTitle)}, {"port", port}};
  return about;
}

Self self_of(const Plan& plan, const House& house) {
  const auto examine = [&plan, &house] {
    auto findings = look_around(plan);
    std::ranges::move(look_inside(house, Call{}), std::back_inserter(findings));
    return to_json(findings);
  };
  const auto check = [&plan](const auto& values) { return to_json(proposed(plan, values)); };
  return {about(plan), settings_view(plan.settings), examine, check};
}

Result<std::unique_ptr<net::Server>> listen_for_peers(const Plan& plan, const Roles& roles, const net::Router& router) {
  const auto& s = plan.settings;
  const auto certificates = s.text(kPeerCertificates);
  if (certificates.empty() || roles.local.empty()) return std::unique_ptr<net::Server>();
  net::ServerOptions options;
  options.address = s.text(kPeerAddress);
  options.port = static_cast<std::uint16_t>(s.integer(kPeerPort));
  options.tls = net::tls_files(certificates, *roles.local.begin(), true);
  auto server = TRY(net::Server::listen(options, router));
  log::note(*roles.local.begin(), "peers reach it at https://{}:{} with a certificate of {}", options.address,
            server->port(), certificates);
  return server;
}

/// Signals are blocked before any thread starts, so that only this function sees them.
sigset_t block_signals() {
  sigset_t wanted;
  sigemptyset(&wanted);
  sigaddset(&wanted, SIGINT);
  sigaddset(&wanted, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &wanted, nullptr);
  signal(SIGPIPE, SIG_IGN);
  return wanted;
}

}  // namespace

Result<int> serve(const ServeArguments& arguments) {
  const auto signals = block_signals();
  const auto roles = TRY(roles_of(arguments.services));
  auto source = arguments.config;
  for (const auto& peer : arguments.peers) source.overrides.push_back("peers." + peer);
  const auto plan = TRY(plan_of(source));
  if (plan.settings.text(kLogFormat) == "json") log::set_format(log::Format::json);
  House house;
  CHECK_OK(furnish(plan, roles.local, roles.front, house));

  net::Router peers;
  std::unique_ptr<Front> front;
  peers.add(own_routes(self_of(plan, house)));
  peers.add(routes_of(house, roles.local, false));
  auto peer_server = TRY(listen_for_peers(plan, roles, peers));
  if (roles.front) {
    std::set<std::string> shown = roles.local;
    for (const auto& row : services())
      if (!plan.settings.text(kPeer, row.name).empty()) shown.insert(row.name);
    front = TRY(Front::open(plan, house, shown, self_of(plan, house)));
  }
  log::note("larmor", "version {} is up; data in {}", kVersion, plan.data.string());

  int which = 0;
  sigwait(&signals, &which);
  log::note("larmor", "{}: finishing what is in hand", which == SIGINT ? "interrupted" : "asked to stop");
  front.reset();
  peer_server.reset();
  return 0;
}

}  // namespace larmor::app

#include "app/front.h"

#include "app/resources.h"
#include "app/settings.h"
#include "base/log.h"
#include "net/browser.h"
#include "net/certs.h"
#include "net/files.h"
#include "services/accounts/rest/guard.h"
#include "services/accounts/rest/routes.h"
#include "services/accounts/settings.h"

namespace larmor::app {
namespace {

/// OHIF makes workers of blobs, styles at run time, WebAssembly, and of a segmentation's description a function
/// (unsafe-eval). No script within a page, and nothing from elsewhere.
constexpr const char* kOhifPolicy =
    "default-src 'self'; script-src 'self' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data: "
    "blob:; font-src 'self' data:; connect-src 'self' data: blob:; worker-src 'self' blob:; object-src 'none'; "
    "base-uri 'self'; form-action 'self'; frame-ancestors 'self'";

bool has_tls(const Settings& s) {
  return s.given(kHttpCertificate);
}

/// The names of the settings and of the certificate.
Result<net::BrowserRules> browser_rules(const Settings& s) {
  net::BrowserRules rules{.hosts = {}, .tls = has_tls(s)};
  for (const auto& name : s.list(kHttpHosts)) rules.hosts.push_back(net::host_name(name));
  if (rules.tls)
    for (const auto& name : TRY(net::read_certificate(s.text(kHttpCertificate))).hosts)
      rules.hosts.push_back(net::host_name(name));
  return rules;
}

/// Whose images, or whose results, are asked for where the address names an instance or a job.
std::optional<StudyUid> study_of(House& house, const net::Request& request) {
  const auto call = Call::within(5s);
  if (const auto instance = request.capture("instance"); !instance.empty() && house.storage) {
    const auto row = house.storage->instance(SopUid(instance), call);
    return row ? std::optional(row->study) : std::nullopt;
  }
  if (const auto job = request.capture("job"); !job.empty() && house.dispatch) {
    const auto row = house.dispatch->job(JobId(job), call);
    return row ? std::optional(row->work.study) : std::nullopt;
  }
  return std::nullopt;
}

Result<net::ServerOptions> options_of(const Settings& s, accounts::Accounts& accounts) {
  net::ServerOptions options;
  options.address = s.text(kHttpAddress);
  options.port = static_cast<std::uint16_t>(s.integer(kHttpPort));
  if (has_tls(s)) options.tls = net::TlsFiles{s.text(kHttpCertificate), s.text(kHttpKey), {}};
  if (net::is_loopback(options.address)) return options;
  const auto refuse = [&](std::string_view lacks, std::string hint) {
    return fail_with({Code::invalid,
                      fmt::format("http.address is {}, which others can reach, but {}", options.address, lacks),
                      std::move(hint), "http.address"});
  };
  if (!options.tls)
    return refuse("there is no certificate",
                  "Set http.certificate and http.key, or leave http.address at 127.0.0.1 behind a proxy that has one.");
  if (!TRY(accounts.required(Call())))
    return refuse(
        "nobody can sign in",
        "Add the first: larmor users add NAME --role administrator, with the same --config or data.directory.");
  return options;
}

}  // namespace

Result<std::unique_ptr<Front>> Front::open(const Plan& plan, House& house, const std::set<std::string>& shown,
                                           Self self) {
  const auto& s = plan.settings;
  house.accounts = TRY(accounts::make(plan.data / "accounts", s, house.events.get(), plan.clock));
  house.provider = TRY(accounts::make_provider(s, plan.clock));
  const auto options = TRY(options_of(s, *house.accounts));
  auto front = std::make_unique<Front>();
  auto& router = front->router_;
  const auto ohif = ohif_directory(s.text(kOhifDirectory));
  self.about["ohif"] = bool(ohif);
  router.add(own_routes(std::move(self)));
  router.add(accounts::routes(*house.accounts, has_tls(s),
                              {house.provider.get(), house.provider ? s.text(accounts::kOidcTitle) : ""}));
  router.add(routes_of(house, shown, true));
  if (auto web = web_directory(s.text(kWebDirectory)))
    router.add({net::site_route({.root = *web})});
  else
    log::warn("front", "{}", to_string(web.error()));
  if (ohif) router.add({net::site_route({.root = *ohif, .at = "/ohif/", .content_security_policy = kOhifPolicy})});
  router.set_guard(accounts::guard({.browser = net::browser_guard(TRY(browser_rules(s))),
                                    .accounts = *house.accounts,
                                    .log = house.events.get(),
                                    .study_of = [&house](const net::Request& r) { return study_of(house, r); },
                                    .tls = has_tls(s),
                                    .clock = plan.clock}));
  front->server_ = TRY(net::Server::listen(options, router));
  log::note("front", "{}://{}:{}", options.tls ? "https" : "http", options.address, front->server_->port());
  return front;
}

}  // namespace larmor::app

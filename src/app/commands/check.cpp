/// `larmor check`: is the configuration right? `larmor doctor`: is the world around it right?
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "app/commands.h"
#include "app/plan.h"
#include "app/resources.h"
#include "app/settings.h"
#include "dicom/dimse/scu.h"
#include "net/browser.h"
#include "net/certs.h"
#include "services/accounts/make.h"
#include "services/accounts/settings.h"
#include "services/export/make.h"
#include "services/import/settings.h"
#include "services/workflow/make.h"

namespace larmor::app {
namespace {

/// One thing looked at. `mend` says what to do when it is not well.
struct Finding {
  std::string what;
  bool well = true;
  std::string words, mend;
};

int report(const std::vector<Finding>& findings, bool json) {
  int ill = 0;
  Json items = Json::array();
  for (const auto& f : findings) {
    ill += !f.well;
    if (json)
      items.push_back({{"what", f.what}, {"well", f.well}, {"words", f.words}, {"mend", f.mend}});
    else
      fmt::print("{}  {:<22} {}{}\n", f.well ? "ok  " : "ILL ", f.what, f.words,
                 f.mend.empty() ? "" : "\n      -> " + f.mend);
  }
  if (json) fmt::print("{}\n", Json{{"items", items}, {"ill", ill}}.dump(2));
  return ill == 0 ? 0 : 1;
}

Finding from_result(std::string what, const Result<std::string>& outcome) {
  if (outcome) return {std::move(what), true, *outcome, {}};
  return {std::move(what), false, outcome.error().what, outcome.error().hint};
}

Finding configuration(const Plan& plan) {
  return {"configuration", true, fmt::format("{} settings given", plan.settings.values().size()), {}};
}

void add_rules(std::vector<Finding>& findings, const Plan& plan) {
  const auto wrong = workflow::check_rules(plan.rules, plan.settings);
  if (wrong.empty()) findings.push_back({"rules", true, plan.rules.empty() ? "none" : plan.rules.string(), {}});
  for (const auto& error : wrong) findings.push_back({"rules", false, error.what, error.hint});
}

Result<std::string> port_is_free(const std::string& address, std::int64_t port, std::string_view setting) {
  if (port == 0) return std::string("any free port");
  const int s = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int yes = 1;
  ::setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  sockaddr_in where{
      .sin_family = AF_INET, .sin_port = htons(static_cast<std::uint16_t>(port)), .sin_addr = {}, .sin_zero = {}};
  ::inet_pton(AF_INET, address.c_str(), &where.sin_addr);
  const bool bound = ::bind(s, reinterpret_cast<const sockaddr*>(&where), sizeof where) == 0;
  const int why = errno;
  ::close(s);
  if (bound) return fmt::format("{}:{} is free", address, port);
  return fail_with(
      {Code::conflict,
       fmt::format("{}:{} cannot be opened: {}", address, port, std::strerror(why)),
       fmt::format(
           "Is Larmor running already? Otherwise choose another {}; ports below 1024 need a right to bind them.",
           setting),
       {}});
}

/// On an address that others can reach somebody must be able to sign in; `serve` refuses otherwise.
Result<std::string> accounts_suffice(const Plan& plan) {
  const auto accounts = TRY(accounts::make(plan.data / "accounts", plan.settings, nullptr, plan.clock));
  const auto users = TRY(accounts->users(Call()));
  const auto active = std::ranges::count_if(users, [](const auto& u) { return !u.disabled; });
  const auto administrators = std::ranges::count_if(
      users, [](const auto& u) { return !u.disabled && u.role == accounts::Role::administrator; });
  if (users.empty() && net::is_loopback(plan.settings.text(kHttpAddress)))
    return std::string("none; nobody needs to sign in on this computer");
  const auto words = fmt::format("{} may sign in, {} of them administer", active, administrators);
  if (administrators == 0) return fail_with({Code::invalid, words, "larmor users add NAME --role administrator", {}});
  return words;
}

Result<std::string> provider_answers(const Plan& plan) {
  const auto provider = TRY(accounts::make_provider(plan.settings, plan.clock));
  CHECK_OK(provider->greet(Call::within(10s)));
  return fmt::format("{} answers", plan.settings.text(accounts::kOidcIssuer));
}

Result<std::string> disk_has_room(const std::filesystem::path& data) {
  struct statvfs room {};
  if (::statvfs(data.c_str(), &room) != 0)
    return fail_with({Code::not_found,
                      fmt::format("cannot look at {}: {}", data.string(), std::strerror(errno)),
                      "Set data.directory to a folder that Larmor may write to.",
                      {}});
  const double free = static_cast<double>(room.f_bavail) * static_cast<double>(room.f_frsize);
  const double share = free / (static_cast<double>(room.f_blocks) * static_cast<double>(room.f_frsize));
  const auto words = fmt::format("{}: {:.1f} GB free, {:.0f}%", data.string(), free / 1e9, 100 * share);
  if (::access(data.c_str(), W_OK) != 0)
    return fail_with(
        {Code::forbidden, words + ", but not writable", "Give the folder to the user that runs Larmor.", {}});
  if (share < 0.1)
    return fail_with({Code::out_of_space,
                      words,
                      "Storage refuses objects before the disk is full: make room or move data.directory.",
                      {}});
  return words;
}

Result<std::string> destination_answers(const Settings& settings, const std::string& name) {
  const auto peer = TRY(exporting::peer_of(settings, name));
  CHECK_OK(dimse::echo(peer));
  return fmt::format("{} answers", dimse::words(peer));
}

Result<std::string> certificates_hold(const std::filesystem::path& directory) {
  std::optional<net::CertificateState> first;
  std::error_code error;
  for (const auto& file : std::filesystem::directory_iterator(directory, error)) {
    if (file.path().extension() != ".pem") continue;
    auto state = TRY(net::read_certificate(file.path()));
    if (!first || state.expires < first->expires) first = std::move(state);
  }
  if (!first)
    return fail_with({Code::not_found,
                      fmt::format("no certificate in {}", directory.string()),
                      "Make them: larmor certs init " + directory.string(),
                      {}});
  const auto days = std::chrono::floor<std::chrono::days>(first->expires - system_clock().now()).count();
  const auto words = fmt::format("the first to end, of {}, has {} days left", first->common_name, days);
  if (days < 30)
    return fail_with({Code::invalid, words, "Delete its two files and run `larmor certs init` again.", {}});
  return words;
}

}  // namespace

Result<int> check(const CheckArguments& a) {
  const auto plan = TRY(plan_of(a.config));
  std::vector<Finding> findings = {configuration(plan)};
  add_rules(findings, plan);
  return report(findings, a.json);
}

Result<int> doctor(const CheckArguments& a) {
  std::vector<Finding> findings;
  const auto plan = plan_of(a.config);
  if (!plan) return report({from_result("configuration", fail_with(plan.error()))}, a.json);
  const auto& s = plan->settings;
  findings.push_back(configuration(*plan));
  add_rules(findings, *plan);
  findings.push_back(from_result("disk", disk_has_room(plan->data)));
  findings.push_back(from_result("DICOM port", port_is_free("0.0.0.0", s.integer(importing::kPort), "import.port")));
  findings.push_back(from_result("web port", port_is_free(s.text(kHttpAddress), s.integer(kHttpPort), "http.port")));
  findings.push_back(from_result("accounts", accounts_suffice(*plan)));
  if (!s.text(accounts::kOidcIssuer).empty())
    findings.push_back(from_result("sign-in provider", provider_answers(*plan)));
  const auto models = models_directory(s.text(kModelsDirectory));
  findings.push_back(
      from_result("networks", models ? Result<std::string>(models->string()) : fail_with(models.error())));
  const auto web = web_directory(s.text(kWebDirectory));
  findings.push_back(from_result("web application", web ? Result<std::string>(web->string()) : fail_with(web.error())));
  for (const auto& name : s.chosen_names("export.destinations."))
    findings.push_back(from_result("destination " + name, destination_answers(s, name)));
  if (const auto certificates = s.text(kPeerCertificates); !certificates.empty())
    findings.push_back(from_result("certificates", certificates_hold(certificates)));
  return report(findings, a.json);
}

}  // namespace larmor::app

#include "app/doctor.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <future>

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

Finding from_result(std::string what, const Result<std::string>& outcome, std::string name = {}) {
  if (outcome) return {std::move(what), std::move(name), true, *outcome, {}};
  return {std::move(what), std::move(name), false, outcome.error().what, outcome.error().hint};
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

/// Side by side, since each that is away takes its time to be found out.
std::vector<Finding> destinations(const Settings& settings) {
  std::vector<std::pair<std::string, std::future<Result<std::string>>>> asked;
  for (const auto& name : settings.chosen_names("export.destinations."))
    asked.emplace_back(name, std::async(std::launch::async, destination_answers, std::cref(settings), name));
  std::vector<Finding> found;
  for (auto& [name, answer] : asked) found.push_back(from_result("destination", answer.get(), name));
  return found;
}

Finding storage_takes(storage::Storage& storage, const Call& call) {
  const auto health = storage.health(call);
  if (!health) return from_result("storage", fail_with(health.error()));
  const auto words =
      fmt::format("{} studies, {:.1f} GB free", health->studies, static_cast<double>(health->free_bytes) / 1e9);
  if (health->accepting) return {"storage", {}, true, words, {}};
  return {"storage",
          {},
          false,
          words + ", nothing more is taken",
          "Make room on the disk, or move data.directory; it goes on by itself."};
}

Finding workers_wait(processing::Processing& processing, const Call& call) {
  const auto workers = processing.workers(call);
  if (!workers) return from_result("workers", fail_with(workers.error()));
  const auto busy = std::ranges::count_if(*workers, [](const auto& w) { return !w.busy_with.empty(); });
  if (!workers->empty()) return {"workers", {}, true, fmt::format("{} run, {} busy", workers->size(), busy), {}};
  return {"workers",
          {},
          false,
          "none runs, so analyses wait",
          "Set processing.workers to one or more and start Larmor again."};
}

std::vector<Finding> queues(dispatch::Dispatch& dispatch, const Call& call) {
  const auto depths = dispatch.depths(call);
  if (!depths) return {from_result("queue", fail_with(depths.error()))};
  std::vector<Finding> found;
  for (const auto& queue : *depths) {
    auto words = fmt::format("{} wait, {} run, {} failed", queue.waiting, queue.running, queue.dead);
    std::string mend;
    if (queue.dead > 0) mend = "Read why they failed, mend it, and send them again.";
    if (const auto& pause = queue.paused) {
      words +=
          fmt::format(", paused{}{} since {}", pause->by.empty() ? "" : " by ", pause->by, to_rfc3339(pause->since));
      if (queue.waiting > 0)
        mend = fmt::format("Let it go on when you are ready: larmor queues --resume {}", queue.queue);
    }
    found.push_back({"queue", queue.queue, mend.empty(), std::move(words), std::move(mend)});
  }
  return found;
}

}  // namespace

Finding configuration(const Plan& plan) {
  return {"configuration", {}, true, fmt::format("{} settings given", plan.settings.values().size()), {}};
}

std::vector<Finding> rules(const Plan& plan) {
  std::vector<Finding> found;
  for (const auto& error : workflow::check_rules(plan.rules, plan.settings))
    found.push_back({"rules", {}, false, error.what, error.hint});
  if (found.empty()) found.push_back({"rules", {}, true, plan.rules.empty() ? "none" : plan.rules.string(), {}});
  return found;
}

std::vector<Finding> proposed(const Plan& plan, const std::map<std::string, std::string>& values) {
  std::vector<Finding> found;
  Plan changed = plan;
  for (const auto& [name, value] : values)
    if (const auto set = changed.settings.set(name, {value, "proposed"}); !set)
      found.push_back({"setting", name, false, set.error().what, set.error().hint});
  std::ranges::move(rules(changed), std::back_inserter(found));
  return found;
}

std::vector<Finding> look_around(const Plan& plan) {
  const auto& s = plan.settings;
  std::vector<Finding> found = {configuration(plan)};
  const auto add = [&found](std::vector<Finding> more) { std::ranges::move(more, std::back_inserter(found)); };
  const auto place = [](std::string what, const Result<std::filesystem::path>& path) {
    return from_result(std::move(what), path ? Result<std::string>(path->string()) : fail_with(path.error()));
  };
  add(rules(plan));
  found.push_back(from_result("disk", disk_has_room(plan.data)));
  found.push_back(place("networks", models_directory(s.text(kModelsDirectory))));
  found.push_back(place("web application", web_directory(s.text(kWebDirectory))));
  if (!s.text(accounts::kOidcIssuer).empty()) found.push_back(from_result("sign-in provider", provider_answers(plan)));
  add(destinations(s));
  if (const auto certificates = s.text(kPeerCertificates); !certificates.empty())
    found.push_back(from_result("certificates", certificates_hold(certificates)));
  return found;
}

std::vector<Finding> before_start(const Plan& plan) {
  const auto& s = plan.settings;
  return {from_result("DICOM port", port_is_free("0.0.0.0", s.integer(importing::kPort), "import.port")),
          from_result("web port", port_is_free(s.text(kHttpAddress), s.integer(kHttpPort), "http.port")),
          from_result("accounts", accounts_suffice(plan))};
}

std::vector<Finding> look_inside(const House& house, const Call& call) {
  std::vector<Finding> found;
  if (house.storage) found.push_back(storage_takes(*house.storage, call));
  if (house.processing) found.push_back(workers_wait(*house.processing, call));
  if (house.dispatch) std::ranges::move(queues(*house.dispatch, call), std::back_inserter(found));
  return found;
}

Json to_json(const std::vector<Finding>& findings) {
  Json items = Json::array();
  for (const auto& f : findings)
    items.push_back({{"what", f.what}, {"name", f.name}, {"well", f.well}, {"words", f.words}, {"mend", f.mend}});
  return {{"items", std::move(items)}, {"ill", std::ranges::count(findings, false, &Finding::well)}};
}

}  // namespace larmor::app

#include "services/accounts/rest/guard.h"

#include <mutex>

#include "services/accounts/core/access.h"
#include "services/accounts/core/roles.h"
#include "services/accounts/rest/caller.h"

namespace larmor::accounts {
namespace {

constexpr auto kLook = 5s;  ///< how often an endless answer asks whether its reader is still signed in

bool is_safe(net::Method method) {
  return method == net::Method::get || method == net::Method::head;
}

bool may(const Caller& caller, net::Scope scope) {
  switch (scope) {
    case net::Scope::open:
      return true;
    case net::Scope::read:
      return caller.rights.contains(Right::read);
    case net::Scope::operate:
      return caller.rights.contains(Right::operate);
    case net::Scope::administer:
      return caller.rights.contains(Right::administer);
    case net::Scope::peer:
      return false;
  }
  return false;
}

std::string_view type_of(Access access) {
  constexpr std::array<std::string_view, 4> types = {"", "access.opened", "access.searched", "access.operated"};
  return types[static_cast<std::size_t>(access)];
}

class AccountsGuard final : public net::Guard {
 public:
  explicit AccountsGuard(GuardParts parts) : parts_(std::move(parts)) {}

  Result<void> admit(const net::Route& route, net::Request& request) const override {
    CHECK_OK(parts_.browser->admit(route, request));
    if (route.scope == net::Scope::open || !TRY(parts_.accounts.required(request.call()))) return {};
    auto caller = caller_of(parts_.accounts, request, secure(request));
    if (!caller) return refuse(route, request, "", std::move(caller).error());
    if (!may(*caller, route.scope))
      return refuse(route, request, caller->name,
                    {Code::forbidden,
                     fmt::format("{} may not do this: it needs the scope {}, and there is {}", caller->name,
                                 net::name(route.scope), words(caller->rights)),
                     "An administrator gives roles (larmor users) and makes tokens (larmor tokens).", ""});
    request.caller = caller->name;
    return tell(route, request, *caller);
  }

  void finish(const net::Request& request, net::Response& response) const override {
    parts_.browser->finish(request, response);
    if (response.status == 401) response.headers.emplace("www-authenticate", "Bearer realm=\"larmor\"");
    if (request.caller.empty()) return;
    if (!response.headers.contains("cache-control")) response.headers.emplace("cache-control", "private, no-cache");
    if (response.events) response.events->next = while_signed_in(request, std::move(response.events->next));
  }

 private:
  bool secure(const net::Request& request) const { return over_tls(request, parts_.tls); }

  /// The stream ends soon after its reader's session or token does.
  std::function<Result<std::string>()> while_signed_in(const net::Request& request,
                                                       std::function<Result<std::string>()> next) const {
    return [again = caller_again(parts_.accounts, request, secure(request)), next = std::move(next),
            &clock = parts_.clock, looked = parts_.clock.now()]() mutable -> Result<std::string> {
      if (clock.now() - looked >= kLook) {
        CHECK_OK(again());
        looked = clock.now();
      }
      return next();
    };
  }

  Json fields_of(const net::Route& route, const net::Request& request, const std::string& who) const {
    Json fields = {{"who", who},
                   {"address", request.remote_address},
                   {"verb", net::name(request.method)},
                   {"path", route.pattern}};
    for (const auto* named : {"job", "destination", "queue", "user", "token"})
      if (const auto value = request.capture(named); !value.empty()) fields[named] = value.substr(0, 200);
    return fields;
  }

  bool is_first(const std::string& key) const {
    const std::lock_guard lock(mutex_);
    return windows_.first(key, parts_.clock.now());
  }

  Result<void> append(const std::string& key, const events::NewEvent& event) const {
    if (!parts_.log)
      return fail_with({Code::unavailable, "who looks at what must be in the event log, and none is known here",
                        "Start the front with --peer events=https://...", "peers.events"});
    auto told = parts_.log->append(std::span(&event, 1), Call::within(5s));
    if (told) return {};
    const std::lock_guard lock(mutex_);
    windows_.forget(key);
    return fail_with(while_doing("who looks at what must be in the event log first", std::move(told).error()));
  }

  Result<void> tell(const net::Route& route, const net::Request& request, const Caller& caller) const {
    const auto access = access_of(route.pattern, is_safe(request.method));
    if (access == Access::none) return {};
    auto study = StudyUid(request.capture("study"));
    if (study.empty() && access == Access::opened) study = parts_.study_of(request).value_or(study);
    const auto what = access == Access::operated   ? request.path
                      : access == Access::searched ? ""
                      : study.empty()              ? request.path
                                                   : study.str();
    const auto key = fmt::format("{}\n{}\n{}\n{}", type_of(access), caller.key, request.remote_address, what);
    if (!is_first(key)) return {};
    auto fields = fields_of(route, request, caller.name);
    fields["by"] = caller.key;
    if (caller.role) fields["role"] = name(*caller.role);
    return append(key, {std::string(type_of(access)), "accounts", study, std::move(fields), {}});
  }

  Failure refuse(const net::Route& route, const net::Request& request, const std::string& who, Error error) const {
    const auto key = fmt::format("refused\n{}\n{}\n{}", who, request.remote_address, net::name(route.scope));
    if (parts_.log && is_first(key)) {
      auto fields = fields_of(route, request, who);
      fields["reason"] = error.what;
      (void)append(key, {"access.refused", "accounts", {}, std::move(fields), {}});  // refused with or without the log
    }
    return fail_with(std::move(error));
  }

  const GuardParts parts_;
  mutable std::mutex mutex_;
  mutable Windows windows_;
};

}  // namespace

std::unique_ptr<net::Guard> guard(GuardParts parts) {
  return std::make_unique<AccountsGuard>(std::move(parts));
}

}  // namespace larmor::accounts

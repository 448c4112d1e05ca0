#include "services/accounts/rest/caller.h"

#include "base/text.h"
#include "net/browser.h"

namespace larmor::accounts {
namespace {

constexpr std::string_view kBearer = "bearer ";
constexpr std::size_t kLongestSecret = 200;

std::string_view cookie_name(bool secure) {
  return secure ? "__Host-larmor" : "larmor";
}

std::string_view journey_name(bool secure) {
  return secure ? "__Host-larmor-way" : "larmor-way";
}

std::optional<Secret> cookie_of(const net::Request& request, std::string_view name) {
  for (auto [at, end] = request.headers.equal_range("cookie"); at != end; ++at)
    for (const auto& pair : split(at->second, ';')) {
      const auto trimmed = trim(pair);
      const auto equals = trimmed.find('=');
      if (equals != std::string_view::npos && trimmed.substr(0, equals) == name)
        return Secret(std::string(trimmed.substr(equals + 1, kLongestSecret)));
    }
  return std::nullopt;
}

std::string cookie(std::string_view value, std::int64_t seconds, bool secure) {
  return fmt::format("{}={}; Path=/; Max-Age={}; HttpOnly; SameSite=Strict{}", cookie_name(secure), value, seconds,
                     secure ? "; Secure" : "");
}

std::optional<Secret> bearer_of(const net::Request& request) {
  const auto header = request.header("authorization");
  if (!header || header->size() <= kBearer.size()) return std::nullopt;
  for (std::size_t i = 0; i < kBearer.size(); ++i)
    if (std::tolower(static_cast<unsigned char>((*header)[i])) != kBearer[i]) return std::nullopt;
  return Secret(std::string(trim(header->substr(kBearer.size(), kLongestSecret))));
}

}  // namespace

bool over_tls(const net::Request& request, bool listener_has_tls) {
  return listener_has_tls || !net::is_loopback(net::host_name(request.header("host").value_or("localhost")));
}

std::string session_cookie(const Secret& secret, Duration life, bool secure) {
  return cookie(secret.reveal(), std::chrono::duration_cast<std::chrono::seconds>(life).count(), secure);
}

std::string no_session_cookie(bool secure) {
  return cookie("", 0, secure);
}

std::optional<Secret> session_of(const net::Request& request, bool secure) {
  return cookie_of(request, cookie_name(secure));
}

std::string journey_cookie(const Secret& binding, bool secure) {
  return fmt::format("{}={}; Path=/; Max-Age=600; HttpOnly; SameSite=Lax{}", journey_name(secure), binding.reveal(),
                     secure ? "; Secure" : "");
}

std::optional<Secret> journey_of(const net::Request& request, bool secure) {
  return cookie_of(request, journey_name(secure));
}

std::function<Result<Caller>()> caller_again(Accounts& accounts, const net::Request& request, bool secure) {
  if (const auto token = bearer_of(request)) return [&accounts, t = *token] { return accounts.of_token(t, Call()); };
  if (const auto session = session_of(request, secure))
    return [&accounts, s = *session] { return accounts.of_session(s, Call()); };
  return []() -> Result<Caller> {
    return fail_with({Code::unauthenticated, "this needs a sign-in",
                      "In the browser, sign in; a program sends Authorization: Bearer TOKEN (larmor tokens add).", ""});
  };
}

Result<Caller> caller_of(Accounts& accounts, const net::Request& request, bool secure) {
  return caller_again(accounts, request, secure)();
}

}  // namespace larmor::accounts

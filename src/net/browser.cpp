#include "net/browser.h"

#include <arpa/inet.h>

#include <algorithm>

namespace larmor::net {
namespace {

bool is_address(const std::string& host) {
  in6_addr scratch{};
  return ::inet_pton(AF_INET, host.c_str(), &scratch) == 1 || ::inet_pton(AF_INET6, host.c_str(), &scratch) == 1;
}

bool is_safe(Method method) {
  return method == Method::get || method == Method::head;
}

/// "https://host:port" -> "host:port"; empty for the origin `null` of a sandboxed page.
std::string_view authority(std::string_view origin) {
  const auto at = origin.find("://");
  return at == std::string_view::npos ? std::string_view() : origin.substr(at + 3);
}

Failure foreign(std::string_view site) {
  return fail_with({Code::forbidden, fmt::format("a page of another site ({}) may not ask this of Larmor", site),
                    "Open Larmor's own address; a program sends neither Origin nor Sec-Fetch-Site.", ""});
}

class BrowserGuard final : public Guard {
 public:
  explicit BrowserGuard(BrowserRules rules) : rules_(std::move(rules)) {}

  Result<void> admit(const Route& route, Request& request) const override {
    CHECK_OK(check_host(request, rules_.hosts));
    if (route.scope != Scope::open || !is_safe(request.method)) CHECK_OK(check_origin(request));
    if (route.scope == Scope::peer) return fail(Code::forbidden, "only services may ask this, with their certificate");
    return {};
  }
  void finish(const Request&, Response& response) const override { add_security_headers(response, rules_.tls); }

 private:
  const BrowserRules rules_;
};

}  // namespace

std::string host_name(std::string_view header) {
  std::string_view host = header;
  if (!host.empty() && host.front() == '[') {
    const auto end = host.find(']');
    host = end == std::string_view::npos ? std::string_view() : host.substr(1, end - 1);
  } else {
    host = host.substr(0, host.rfind(':'));
  }
  if (!host.empty() && host.back() == '.') host.remove_suffix(1);  // a rooted name is the same name
  std::string name(host);
  std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
  return name;
}

bool is_loopback(std::string_view host) {
  return host.starts_with("127.") || host == "::1" || host == "localhost";
}

Result<void> check_host(const Request& request, const std::vector<std::string>& names) {
  const auto host = host_name(request.header("host").value_or("localhost"));  // HTTP/1.0, which no browser speaks
  if (host == "localhost" || is_address(host) || std::find(names.begin(), names.end(), host) != names.end()) return {};
  return fail_with({Code::forbidden, fmt::format("this server is not known as '{}'", host.substr(0, 100)),
                    "Name it in http.hosts if it is one of its names, for instance behind a proxy.", "http.hosts"});
}

Result<void> check_origin(const Request& request) {
  if (const auto site = request.header("sec-fetch-site")) {
    if (*site == "same-origin" || *site == "none") return {};
    const bool opens_a_page = is_safe(request.method) && request.header("sec-fetch-mode") == "navigate" &&
                              request.header("sec-fetch-dest") == "document";
    if (opens_a_page) return {};
    return foreign(request.header("origin").value_or(*site).substr(0, 100));
  }
  const auto origin = request.header("origin");
  if (!origin || authority(*origin) == request.header("host").value_or("no host")) return {};
  return foreign(origin->substr(0, 100));
}

void add_security_headers(Response& response, bool tls) {
  const auto add = [&](const char* name, const char* value) {
    if (response.headers.count(name) == 0) response.headers.emplace(name, value);
  };
  add("content-security-policy", "script-src 'none'; object-src 'none'; base-uri 'none'; frame-ancestors 'self'");
  add("x-content-type-options", "nosniff");
  add("referrer-policy", "same-origin");
  add("cross-origin-resource-policy", "same-origin");
  add("cross-origin-opener-policy", "same-origin");
  if (tls) add("strict-transport-security", "max-age=31536000");
}

std::unique_ptr<Guard> browser_guard(BrowserRules rules) {
  return std::make_unique<BrowserGuard>(std::move(rules));
}

}  // namespace larmor::net

#pragma once
/// What protects a person's browser: which Host it may have meant, which pages may ask, what each answer forbids it.
///
/// A page of another site, open in the browser that also reaches Larmor, can send requests here. It reads no answer
/// (same origin), but it may have an effect (cross-site request forgery), and by DNS rebinding it becomes the same
/// origin. A laptop on 127.0.0.1 without any account is open to both, hence these checks come before any sign-in. Pure
/// but for the guard, which any thread may ask. Failures: `forbidden`, saying what to set.
#include <memory>
#include <string>
#include <vector>

#include "net/http.h"

namespace larmor::net {

struct BrowserRules {
  std::vector<std::string>
      hosts;  ///< names of this server beside localhost, without a port; a certificate's, a proxy's
  bool tls = false;
};

/// The host of a Host header, without port and brackets, in lower case: "Larmor.example:8480" -> "larmor.example".
std::string host_name(std::string_view host_header);

/// 127.0.0.0/8, ::1, localhost.
bool is_loopback(std::string_view host);

/// Does the Host header mean this server? An address always does: only a name can be pointed here by someone else's
/// DNS.
Result<void> check_host(const Request&, const std::vector<std::string>& names);

/// Comes the request from our own pages, or from outside of any page (an address typed in, a program)? Fetch Metadata
/// (W3C, Sec-Fetch-Site) says so, Origin (RFC 6454) where a browser does not send it. Another site's link may open a
/// page, and nothing else.
Result<void> check_origin(const Request&);

/// What every answer carries: no scripts in what is not the application (the application's files bring a policy of
/// their own), no guessing of types, nothing to other origins, no address of ours in their logs, with TLS never plain
/// again.
void add_security_headers(Response&, bool tls);

/// The guard of a listener where nobody signs in: the three checks above; every scope but `peer` is granted.
std::unique_ptr<Guard> browser_guard(BrowserRules);

}  // namespace larmor::net

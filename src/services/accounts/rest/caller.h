#pragma once
/// Who asks, by what the request carries: `Authorization: Bearer` of a program, or the cookie of a browser. A wrong
/// token is not made good by a cookie.
#include "net/http.h"
#include "services/accounts/accounts.h"

namespace larmor::accounts {

/// Is the way to the browser safe from listeners? Over TLS it is, and a name behind a proxy must be; then the cookie's
/// name begins with `__Host-`, so that no other site of the domain can set it (RFC 6265bis, section 4.1.3).
bool over_tls(const net::Request&, bool listener_has_tls);

/// HttpOnly, SameSite=Strict: neither a script nor another site's request ever has it.
std::string session_cookie(const Secret&, Duration life, bool secure);
std::string no_session_cookie(bool secure);

std::optional<Secret> session_of(const net::Request&, bool secure);

/// Of a browser on its way to the provider and back. SameSite=Lax: it must come along when the provider sends it back.
std::string journey_cookie(const Secret& binding, bool secure);
std::optional<Secret> journey_of(const net::Request&, bool secure);

/// `unauthenticated` where nothing was shown, or nothing that is good.
Result<Caller> caller_of(Accounts&, const net::Request&, bool secure);

/// A way of asking later whether this request's caller is still one; for answers that never end.
std::function<Result<Caller>()> caller_again(Accounts&, const net::Request&, bool secure);

}  // namespace larmor::accounts

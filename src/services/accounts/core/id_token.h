#pragma once
/// An ID token (OpenID Connect Core 1.0, sections 2 and 3.1.3.7): taken apart, and judged but for its signature. Pure.
///
/// Failures: `unauthenticated`, saying which claim is wrong. What a token says never reaches a message, only claims'
/// names.
#include "base/json.h"
#include "services/accounts/accounts.h"

namespace larmor::accounts {

struct IdToken {
  std::string algorithm, key;  ///< `alg`, and `kid` (may be empty)
  Json claims;
  std::string signed_part, signature;
};

/// A compact JWS (RFC 7515, section 7.1) of at most 64 KiB.
Result<IdToken> take_apart(const std::string& token);

struct Expected {
  std::string issuer, client, nonce;
};

/// Issuer, audience, times (a minute of difference between clocks is forgiven), nonce.
Result<void> check_claims(const Json& claims, const Expected&, Time now);

/// Which values of the role claim make which role; the highest counts.
struct RoleClaim {
  std::string path = "roles";  ///< of names with dots between: "realm_access.roles"
  std::vector<std::string> readers, operators, administrators;
};

/// `forbidden` where no value makes a role.
Result<Role> role_of(const Json& claims, const RoleClaim&);

}  // namespace larmor::accounts

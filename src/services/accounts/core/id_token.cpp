#include "services/accounts/core/id_token.h"

#include <algorithm>
#include <array>

#include "base/base64.h"
#include "base/text.h"

namespace larmor::accounts {
namespace {

constexpr std::size_t kLongest = 64u << 10;
constexpr auto kSkew = 1min;
constexpr auto kOldest = 10min;  // between the token's making and our looking at it

Failure wrong(std::string_view claim) {
  return fail_with({Code::unauthenticated,
                    fmt::format("the provider's token is refused: {} is wrong or missing", claim),
                    "Sign in again; if it stays so, compare accounts.oidc with the provider's settings.", ""});
}

std::optional<Time> time(const Json& claims, const char* name) {
  if (!claims.contains(name) || !claims[name].is_number()) return std::nullopt;
  const auto seconds = claims[name].get<double>();
  if (!(seconds > 0 && seconds < 1e11)) return std::nullopt;
  return Time(std::chrono::seconds(static_cast<std::int64_t>(seconds)));
}

bool is(const Json& claims, const char* name, const std::string& value) {
  return claims.contains(name) && claims[name].is_string() && claims[name].get_ref<const std::string&>() == value;
}

bool is_for(const Json& claims, const std::string& client) {
  if (is(claims, "aud", client)) return true;
  if (!claims.contains("aud") || !claims["aud"].is_array()) return false;
  const auto& all = claims["aud"];
  const bool named = std::find(all.begin(), all.end(), Json(client)) != all.end();
  return named && (all.size() == 1 || is(claims, "azp", client));
}

/// A text, or every text of a list, where the dotted path leads.
std::vector<std::string> values(const Json& claims, const std::string& path) {
  const Json* at = &claims;
  for (const auto& name : split(path, '.')) {
    if (!at->is_object() || !at->contains(name)) return {};
    at = &(*at)[name];
  }
  if (at->is_string()) return {at->get<std::string>()};
  std::vector<std::string> all;
  if (at->is_array())
    for (const auto& one : *at)
      if (one.is_string()) all.push_back(one.get<std::string>());
  return all;
}

}  // namespace

Result<IdToken> take_apart(const std::string& token) {
  const auto parts = split(token, '.');
  if (token.size() > kLongest || parts.size() != 3) return wrong("its form");
  const auto header = from_base64url(parts[0]), claims = from_base64url(parts[1]), signature = from_base64url(parts[2]);
  if (!header || !claims || !signature) return wrong("its form");
  const auto head = parse_json(*header);
  auto body = parse_json(*claims);
  if (!head || !body || !body->is_object()) return wrong("its form");
  const auto algorithm = member<std::string>(*head, "alg");
  const auto key = member_or<std::string>(*head, "kid", "");
  if (!algorithm || !key) return wrong("its algorithm");
  return IdToken{*algorithm, *key, std::move(*body), parts[0] + "." + parts[1], *signature};
}

Result<void> check_claims(const Json& claims, const Expected& expected, Time now) {
  if (!is(claims, "iss", expected.issuer)) return wrong("iss");
  if (!is_for(claims, expected.client)) return wrong("aud");
  if (!is(claims, "nonce", expected.nonce)) return wrong("nonce");
  if (!claims.contains("sub") || !claims["sub"].is_string() || claims["sub"].get<std::string>().empty())
    return wrong("sub");
  const auto ends = time(claims, "exp"), made = time(claims, "iat"), begins = time(claims, "nbf");
  if (!ends || now >= *ends + kSkew) return wrong("exp");
  if (!made || *made > now + kSkew || *made < now - kOldest - kSkew) return wrong("iat");
  if (begins && *begins > now + kSkew) return wrong("nbf");
  return {};
}

Result<Role> role_of(const Json& claims, const RoleClaim& claim) {
  const auto given = values(claims, claim.path);
  const auto any_of = [&](const std::vector<std::string>& wanted) {
    return std::any_of(given.begin(), given.end(),
                       [&](const auto& one) { return std::find(wanted.begin(), wanted.end(), one) != wanted.end(); });
  };
  if (any_of(claim.administrators)) return Role::administrator;
  if (any_of(claim.operators)) return Role::operator_;
  if (any_of(claim.readers)) return Role::reader;
  return fail_with({Code::forbidden, "the provider knows you, but gives you no role here",
                    fmt::format("Whoever keeps the provider puts one into the claim {}.", claim.path), ""});
}

}  // namespace larmor::accounts

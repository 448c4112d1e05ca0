#include "services/accounts/adapters/provider.h"

#include <openssl/crypto.h>
#include <openssl/sha.h>

#include <algorithm>

#include "base/base64.h"
#include "net/browser.h"
#include "net/client.h"
#include "services/accounts/adapters/jwk.h"
#include "services/accounts/adapters/password.h"

namespace larmor::accounts {
namespace {

constexpr std::size_t kMostJourneys = 1'000;
constexpr Duration kJourney = 10min, kKeysAnew = 10s, kKeysOld = 1h;

std::string sha256(std::string_view text) {
  std::string digest(SHA256_DIGEST_LENGTH, '\0');
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(),
         reinterpret_cast<unsigned char*>(digest.data()));
  return digest;
}

std::string form_of(std::initializer_list<std::pair<std::string_view, std::string>> fields) {
  std::string text;
  for (const auto& [name, value] : fields)
    if (!value.empty()) text += fmt::format("{}{}={}", text.empty() ? "" : "&", name, net::encode(value));
  return text;
}

/// "https://host:port" and "/path?query".
Result<std::pair<std::string, std::string>> parts_of(const std::string& url) {
  const auto scheme = url.find("://");
  const auto path = scheme == std::string::npos ? scheme : url.find('/', scheme + 3);
  const auto origin = url.substr(0, path);
  const bool secure = url.starts_with("https://");
  const bool here = url.starts_with("http://") && net::is_loopback(net::host_name(origin.substr(7)));
  if (!secure && !here)
    return fail_with({Code::invalid, fmt::format("the provider's address {} is not https", url.substr(0, 200)), "",
                      "accounts.oidc.issuer"});
  return std::pair(origin, path == std::string::npos ? "/" : url.substr(path));
}

Failure lost() {
  return fail_with({Code::unauthenticated, "this sign-in was not begun in this browser, or too long ago",
                    "Begin it again from the sign-in page.", ""});
}

}  // namespace

Result<Json> Provider::fetch(const std::string& url, const Call& call, const std::string& form) {
  const auto [origin, target] = TRY(parts_of(url));
  net::ClientOptions options{.base = origin, .tls = {}};
  if (!options_.authorities.empty()) options.tls = net::TlsFiles{{}, {}, options_.authorities};
  auto client = TRY(net::Client::make(options));
  if (form.empty()) return client->get(target, call);
  const auto reply = TRY(client->submit(target, form, call));
  return parse_json(reply.body);
}

Result<Provider::Endpoints> Provider::endpoints(const Call& call) {
  {
    const std::lock_guard lock(mutex_);
    if (endpoints_) return *endpoints_;
  }
  const auto slash = options_.issuer.ends_with('/') ? "" : "/";
  const auto told = TRY(fetch(options_.issuer + slash + ".well-known/openid-configuration", call));
  if (TRY(member<std::string>(told, "issuer")) != options_.issuer)  // OpenID Connect Discovery 1.0, section 4.3
    return fail_with({Code::invalid, "the provider calls itself by another name than accounts.oidc.issuer",
                      "Write it exactly as the provider does.", "accounts.oidc.issuer"});
  const Endpoints found{TRY(member<std::string>(told, "authorization_endpoint")),
                        TRY(member<std::string>(told, "token_endpoint")), TRY(member<std::string>(told, "jwks_uri"))};
  CHECK_OK(parts_of(found.authorize));
  const std::lock_guard lock(mutex_);
  endpoints_ = found;
  return found;
}

Result<void> Provider::greet(const Call& call) {
  CHECK_OK(endpoints(call));
  return {};
}

Result<Departure> Provider::set_out(const std::string& back_to, const Call& call) {
  const auto where = TRY(endpoints(call));
  const auto state = new_secret("").reveal(), binding = new_secret("").reveal();
  Journey journey{sha256(binding), new_secret("").reveal(), new_secret("").reveal(), back_to, clock_.now()};
  const auto query = form_of({{"response_type", "code"},
                              {"client_id", options_.client},
                              {"redirect_uri", options_.back},
                              {"scope", options_.scope},
                              {"state", state},
                              {"nonce", journey.nonce},
                              {"code_challenge", to_base64url(sha256(journey.verifier))},
                              {"code_challenge_method", "S256"}});
  const std::lock_guard lock(mutex_);
  if (journeys_.size() >= kMostJourneys)
    journeys_.erase(std::min_element(journeys_.begin(), journeys_.end(),
                                     [](const auto& a, const auto& b) { return a.second.began < b.second.began; }));
  journeys_[state] = std::move(journey);
  const bool has_query = where.authorize.find('?') != std::string::npos;
  return Departure{where.authorize + (has_query ? "&" : "?") + query, Secret(binding)};
}

/// The journey with that state, once, if this is the browser that set out.
Result<Provider::Journey> Provider::take(const std::string& state, const Secret& binding) {
  const std::lock_guard lock(mutex_);
  const auto found = journeys_.find(state);
  if (found == journeys_.end()) return lost();
  auto journey = std::move(found->second);
  journeys_.erase(found);
  const auto shown = sha256(binding.reveal());
  if (CRYPTO_memcmp(shown.data(), journey.binding.data(), shown.size()) != 0 ||
      clock_.now() >= journey.began + kJourney)
    return lost();
  return journey;
}

Result<IdToken> Provider::exchange(const std::string& code, const Journey& journey, const Call& call) {
  const auto form = form_of({{"grant_type", "authorization_code"},
                             {"code", code},
                             {"redirect_uri", options_.back},
                             {"client_id", options_.client},
                             {"client_secret", options_.secret.reveal()},
                             {"code_verifier", journey.verifier}});
  auto answer = fetch(TRY(endpoints(call)).token, call, form);
  if (!answer) {
    auto e = while_doing("the provider does not exchange the code", std::move(answer).error());
    e.code = row(e.code).retryable ? e.code : Code::unauthenticated;
    return fail_with(std::move(e));
  }
  return take_apart(TRY(member<std::string>(*answer, "id_token")));
}

/// The key that signed the token. An unknown one may be new: then the keys are read again, but not at everyone's word.
Result<Json> Provider::key(const IdToken& token, const Endpoints& where, const Call& call) {
  {
    const std::lock_guard lock(mutex_);
    const auto age = clock_.now() - keys_read_;
    auto known = age < kKeysOld ? key_for(keys_, token.key, token.algorithm) : Json();
    if (!known.is_null() || (age < kKeysAnew && !keys_.is_null())) return known;
    keys_read_ = clock_.now();
  }
  auto keys = TRY(member<Json>(TRY(fetch(where.keys, call)), "keys"));
  const std::lock_guard lock(mutex_);
  keys_ = std::move(keys);
  return key_for(keys_, token.key, token.algorithm);
}

Result<Arrival> Provider::come_back(const std::string& code, const std::string& state, const Secret& binding,
                                    const Call& call) {
  const auto journey = TRY(take(state, binding));
  const auto token = TRY(exchange(code, journey, call));
  const auto key = TRY(this->key(token, TRY(endpoints(call)), call));
  if (key.is_null() || !is_signed(key, token.algorithm, token.signed_part, token.signature))
    return fail_with({Code::unauthenticated, "the provider's token is not signed by a key of the provider", "", ""});
  CHECK_OK(check_claims(token.claims, {options_.issuer, options_.client, journey.nonce}, clock_.now()));
  const auto name = member<std::string>(token.claims, options_.name_claim.c_str());
  if (!name)
    return fail_with({Code::unauthenticated, fmt::format("the provider tells no {}", options_.name_claim),
                      "Set accounts.oidc.name_claim, or let the provider tell it.", "accounts.oidc.name_claim"});
  return Arrival{token.claims["sub"].get<std::string>(), *name, TRY(role_of(token.claims, options_.roles)),
                 journey.back_to};
}

}  // namespace larmor::accounts

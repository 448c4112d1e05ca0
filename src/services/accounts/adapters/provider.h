#pragma once
/// Signing in with a provider: OpenID Connect Core 1.0, authorisation code with PKCE (RFC 7636), discovery and rotating
/// keys.
///
/// The browser sets out with a state, and comes back with it and a code. The state is good once, for ten minutes, and
/// only in the browser that set out (its cookie), so that nobody is signed in as somebody else by a link. The code is
/// exchanged between the servers. Endpoints must be https, but on the loopback.
/// Threads: any. Failures: `unauthenticated` (state, token), `forbidden` (no role), `unavailable` (the provider is
/// away). Bounds: 1,000 on their way (the oldest makes room), answers as net::Client bounds them, keys read anew at
/// most every 10 s when an unknown one appears, and every hour.
#include <filesystem>
#include <memory>
#include <mutex>

#include "services/accounts/core/id_token.h"

namespace larmor::accounts {

/// Where the browser comes back to.
inline constexpr std::string_view kReturnPath = "/v1/session/return";

struct ProviderOptions {
  std::string issuer;  ///< "https://login.hospital.example/realms/imaging"
  std::string client;  ///< our client_id there
  Secret secret;       ///< empty for a public client
  std::string back;    ///< our redirect_uri: "https://larmor.hospital.example/v1/session/return"
  std::string name_claim = "preferred_username";
  std::string scope = "openid profile";
  RoleClaim roles;
  std::filesystem::path authorities;  ///< PEM; empty: the system's
};

struct Departure {
  std::string address;  ///< at the provider, for the browser
  Secret binding;       ///< for the browser's cookie until it comes back
};

struct Arrival {
  std::string subject, name;
  Role role = Role::reader;
  std::string back_to;  ///< the path that was given at the departure
};

class Provider {
 public:
  /// Asks nobody yet: a provider that is away now may be there when somebody signs in. The clock must outlive it.
  Provider(ProviderOptions options, const Clock& clock) : options_(std::move(options)), clock_(clock) {}

  /// Does it answer, and does it call itself so?
  Result<void> greet(const Call&);
  Result<Departure> set_out(const std::string& back_to, const Call&);
  Result<Arrival> come_back(const std::string& code, const std::string& state, const Secret& binding, const Call&);

 private:
  struct Journey {
    std::string binding, nonce, verifier, back_to;
    Time began;
  };
  struct Endpoints {
    std::string authorize, token, keys;
  };

  Result<Endpoints> endpoints(const Call&);
  Result<Json> fetch(const std::string& url, const Call&, const std::string& form = {});
  Result<Journey> take(const std::string& state, const Secret& binding);
  Result<IdToken> exchange(const std::string& code, const Journey&, const Call&);
  Result<Json> key(const IdToken&, const Endpoints&, const Call&);

  const ProviderOptions options_;
  const Clock& clock_;
  std::mutex mutex_;  ///< of all below; never held while the provider is asked
  std::map<std::string, Journey> journeys_;
  std::optional<Endpoints> endpoints_;
  Json keys_;
  Time keys_read_{};
};

}  // namespace larmor::accounts

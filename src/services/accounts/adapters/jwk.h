#pragma once
/// Signatures of a provider's tokens, by its published keys (RFC 7517, RFC 7518): RS256 and ES256, nothing else; `none`
/// and symmetric algorithms are what forgers ask for. Any thread.
#include "base/json.h"
#include "base/result.h"

namespace larmor::accounts {

/// Of a set of keys: the one with that id for that algorithm; without an id the only one that fits. Null: there is
/// none.
Json key_for(const Json& keys, const std::string& id, const std::string& algorithm);

/// Is `signature` the key's own over `text`? False also for a key that is weak (RSA below 2048 bits) or broken.
bool is_signed(const Json& key, const std::string& algorithm, const std::string& text, const std::string& signature);

}  // namespace larmor::accounts

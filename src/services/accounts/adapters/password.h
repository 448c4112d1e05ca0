#pragma once
/// What proves a password or a secret, without being it.
///
/// Passwords: scrypt (RFC 7914) with N = 2^15, r = 8, p = 3, 32 MiB, one of the settings that OWASP's password storage
/// cheat sheet calls equal; written with its costs, so that they can grow later. Secrets of sessions and tokens hold
/// 256 random bits, which nobody guesses, so that SHA-256 is enough. Any thread. Failures: `internal` (OpenSSL
/// refuses).
#include <string>

#include "services/accounts/accounts.h"

namespace larmor::accounts {

struct PasswordCost {
  int log2_n = 15, r = 8, p = 3;
};

/// "scrypt$15$8$3$SALT$KEY", salt and key in hexadecimal digits.
Result<std::string> proof_of(const Secret& password, const PasswordCost& = {});
/// Compares in constant time. False for an empty proof (nobody), after the work that `nobody` says.
Result<bool> proves(const Secret& password, const std::string& proof, const PasswordCost& nobody = {});

/// 256 random bits behind a prefix by which scanners of leaked secrets know them: "larmor_4f..." for tokens.
Secret new_secret(std::string_view prefix);
/// SHA-256 in hexadecimal digits.
std::string digest_of(const Secret&);

}  // namespace larmor::accounts

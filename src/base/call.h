#pragma once
/// What travels with every call across a contract: how long the caller waits, which trace it belongs to, and the key
/// that makes a repeated call harmless.
#include <chrono>
#include <string>

#include "base/clock.h"

namespace larmor {

struct Call {
  std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  std::string trace;            ///< W3C trace id, 32 hexadecimal digits; empty starts a new one
  std::string idempotency_key;  ///< same key, same effect once; empty where the call changes nothing

  static Call within(Duration patience, std::string key = {}) {
    return {std::chrono::steady_clock::now() + patience, {}, std::move(key)};
  }
  Duration left() const { return std::chrono::duration_cast<Duration>(deadline - std::chrono::steady_clock::now()); }
};

}  // namespace larmor

#pragma once
/// Randomness is passed in like time, so that a test can repeat what happened.
#include <cstdint>
#include <random>
#include <string>

#include "base/clock.h"

namespace larmor {

/// One owner, one thread at a time.
class Random {
 public:
  explicit Random(std::uint64_t seed = std::random_device{}()) : engine_(seed) {}
  Duration between(Duration least, Duration most) {
    return Duration(std::uniform_int_distribution<std::int64_t>(least.count(), most.count())(engine_));
  }
  std::uint64_t next() { return engine_(); }

 private:
  std::mt19937_64 engine_;
};

/// 128 random bits as 32 hexadecimal digits, from the kernel: for tokens, keys and traces. Thread safe.
std::string random_token();

}  // namespace larmor

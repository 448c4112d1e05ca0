#include "base/random.h"

#include <fmt/format.h>
#include <sys/random.h>

#include <array>
#include <cstdlib>

namespace larmor {

std::string random_token() {
  std::array<std::uint64_t, 2> bits{};
  // Never fails for 16 bytes.
  if (::getrandom(bits.data(), sizeof bits, 0) != static_cast<ssize_t>(sizeof bits)) std::abort();
  return fmt::format("{:016x}{:016x}", bits[0], bits[1]);
}

}  // namespace larmor

#include "base/random.h"

#include <fmt/format.h>
#include <sys/random.h>

#include <array>
#include <cstdlib>

namespace larmor {

std::string random_token() {
  std::array<std::uint64_t, 2> bits{};
  if (::getrandom(bits.data(), sizeof bits, 0) != static_cast<ssize_t>(sizeof bits)) std::abort();  // never fails for 16 bytes
  return fmt::format("{:016x}{:016x}", bits[0], bits[1]);
}

}  // namespace larmor

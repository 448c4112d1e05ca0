#pragma once
/// The version of the program, as written into results and answered over REST.
#include <string_view>

namespace larmor {

inline constexpr std::string_view kVersion = LARMOR_VERSION;

}  // namespace larmor

#pragma once
/// Bytes as text (RFC 4648). Pure.
#include <string>
#include <string_view>

#include "base/result.h"

namespace larmor {

/// Section 4, with padding. `invalid` for other characters, or too few.
Result<std::string> from_base64(std::string_view);
std::string to_base64(std::string_view bytes);

/// Section 5, without padding. `invalid` for other characters.
Result<std::string> from_base64url(std::string_view);
std::string to_base64url(std::string_view);

}  // namespace larmor

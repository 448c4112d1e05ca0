#pragma once
/// Pieces of the cursors that lists hand out as `next` and take back as `after`: numbers with hyphens between.
#include <charconv>
#include <cstdint>
#include <string>

#include "base/result.h"

namespace larmor::storage {

/// Whether `digits` is a whole number and nothing else; `value` then holds it.
inline bool read_whole(const std::string& digits, std::int64_t& value) {
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return error == std::errc{} && end == digits.data() + digits.size();
}

inline Error not_a_cursor(const std::string& text) {
  return {Code::invalid, fmt::format("'{}' is no cursor of this list", text), "Take `next` of the page before.",
          "after"};
}

}  // namespace larmor::storage

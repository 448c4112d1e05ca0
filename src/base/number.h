#pragma once
/// Numbers that came as text.
#include <charconv>
#include <cmath>
#include <concepts>
#include <optional>
#include <string_view>

namespace larmor {

/// The whole of `text` as a number; nothing where it holds anything else (blanks and a sign '+' too), or more than the
/// type can.
template <std::integral T>
std::optional<T> to_number(std::string_view text, int base = 10) {
  T value{};
  const auto [stopped, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc{} || stopped != text.data() + text.size()) return std::nullopt;
  return value;
}

/// The same for decimals, which are finite.
template <std::floating_point T>
std::optional<T> to_number(std::string_view text) {
  T value{};
  const auto [stopped, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || stopped != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

}  // namespace larmor

#include "base/base64.h"

#include <array>

namespace larmor {
namespace {

constexpr std::string_view kPlain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
                           kUrl = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr signed char kNone = -1;

constexpr std::array<signed char, 256> values_of(std::string_view digits) {
  std::array<signed char, 256> values{};
  values.fill(kNone);
  for (std::size_t i = 0; i < digits.size(); ++i)
    values[static_cast<unsigned char>(digits[i])] = static_cast<signed char>(i);
  return values;
}

Result<std::string> decoded(std::string_view text, const std::array<signed char, 256>& values) {
  std::string bytes;
  bytes.reserve(text.size() / 4 * 3 + 2);
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    const auto value = values[static_cast<unsigned char>(c)];
    if (value == kNone) return fail(Code::invalid, "a letter that is none of base64");
    bits = bits << 6 | static_cast<std::uint32_t>(value);
    if ((count += 6) >= 8) bytes += static_cast<char>(bits >> (count -= 8) & 0xFF);
  }
  if (text.size() % 4 == 1) return fail(Code::invalid, "base64 that ends too early");
  return bytes;
}

std::string encoded(std::string_view bytes, std::string_view digits) {
  std::string text;
  text.reserve(bytes.size() / 3 * 4 + 4);
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : bytes) {
    bits = bits << 8 | static_cast<unsigned char>(c);
    for (count += 8; count >= 6;) text += digits[bits >> (count -= 6) & 63];
  }
  if (count > 0) text += digits[bits << (6 - count) & 63];
  return text;
}

}  // namespace

Result<std::string> from_base64(std::string_view text) {
  static constexpr auto kValues = values_of(kPlain);
  if (text.size() % 4 != 0) return fail(Code::invalid, "base64 that ends too early");
  for (int i = 0; i < 2 && text.ends_with('='); ++i) text.remove_suffix(1);
  return decoded(text, kValues);
}

std::string to_base64(std::string_view bytes) {
  auto text = encoded(bytes, kPlain);
  text.resize((text.size() + 3) / 4 * 4, '=');
  return text;
}

Result<std::string> from_base64url(std::string_view text) {
  static constexpr auto kValues = values_of(kUrl);
  return decoded(text, kValues);
}

std::string to_base64url(std::string_view bytes) {
  return encoded(bytes, kUrl);
}

}  // namespace larmor

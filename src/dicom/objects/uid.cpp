#include "dicom/objects/uid.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>

namespace larmor::dicom {
namespace {

std::array<unsigned char, 32> sha256(std::string_view bytes) {
  std::array<unsigned char, 32> digest{};
  EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, EVP_sha256(), nullptr);
  return digest;
}

}  // namespace

std::string uid_from(std::initializer_list<std::string_view> parts) {
  std::string text;
  for (const auto part : parts) text += fmt::format("{}:{};", part.size(), part);
  auto digest = sha256(text);
  digest[6] = (digest[6] & 0x0F) | 0x80;  // version 8, variant 1: a UUID of the maker's own making (RFC 9562, 5.8)
  digest[8] = (digest[8] & 0x3F) | 0x80;
  unsigned __int128 number = 0;
  for (int i = 0; i < 16; ++i) number = number << 8 | digest[i];
  std::string decimal;
  for (; number != 0; number /= 10) decimal += static_cast<char>('0' + static_cast<int>(number % 10));
  std::reverse(decimal.begin(), decimal.end());
  return "2.25." + decimal;
}

std::string sha256_hex(std::string_view bytes) {
  std::string text;
  for (const auto byte : sha256(bytes)) text += fmt::format("{:02x}", byte);
  return text;
}

}  // namespace larmor::dicom

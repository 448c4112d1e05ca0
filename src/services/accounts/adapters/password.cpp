#include "services/accounts/adapters/password.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/sha.h>

#include <array>

#include "base/random.h"
#include "base/text.h"

namespace larmor::accounts {
namespace {

constexpr std::uint64_t kMostMemory = 256u << 20;  // of one verification, so that a wrong row cannot take the machine
constexpr std::size_t kKey = 32;

std::string hex(std::basic_string_view<unsigned char> bytes) {
  std::string text;
  for (const auto byte : bytes) text += fmt::format("{:02x}", byte);
  return text;
}

Result<std::string> key_of(const Secret& password, const std::string& salt, const PasswordCost& cost) {
  std::array<unsigned char, kKey> key{};
  const auto& text = password.reveal();
  if (EVP_PBE_scrypt(text.data(), text.size(), reinterpret_cast<const unsigned char*>(salt.data()), salt.size(),
                     std::uint64_t{1} << cost.log2_n, static_cast<std::uint64_t>(cost.r),
                     static_cast<std::uint64_t>(cost.p), kMostMemory, key.data(), key.size()) != 1)
    return fail(Code::internal, "scrypt cannot be computed with N = 2^{}, r = {}, p = {}", cost.log2_n, cost.r, cost.p);
  return hex({key.data(), key.size()});
}

Result<int> number(const std::string& text) {
  if (text.empty() || text.size() > 2 || text.find_first_not_of("0123456789") != std::string::npos)
    return fail(Code::corrupt, "the stored proof of a password is damaged");
  return std::stoi(text);
}

}  // namespace

Result<std::string> proof_of(const Secret& password, const PasswordCost& cost) {
  const auto salt = random_token();
  return fmt::format("scrypt${}${}${}${}${}", cost.log2_n, cost.r, cost.p, salt, TRY(key_of(password, salt, cost)));
}

Result<bool> proves(const Secret& password, const std::string& proof, const PasswordCost& nobody) {
  if (proof.empty()) return TRY(key_of(password, random_token(), nobody)).empty();
  const auto parts = split(proof, '$');
  if (parts.size() != 6 || parts[0] != "scrypt")
    return fail(Code::corrupt, "the stored proof of a password is damaged");
  const PasswordCost cost{TRY(number(parts[1])), TRY(number(parts[2])), TRY(number(parts[3]))};
  const auto key = TRY(key_of(password, parts[4], cost));
  return key.size() == parts[5].size() && CRYPTO_memcmp(key.data(), parts[5].data(), key.size()) == 0;
}

Secret new_secret(std::string_view prefix) {
  return Secret(std::string(prefix) + random_token() + random_token());
}

std::string digest_of(const Secret& secret) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  const auto& text = secret.reveal();
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  return hex({digest.data(), digest.size()});
}

}  // namespace larmor::accounts

#include "services/accounts/adapters/jwk.h"

#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include <memory>

#include "base/base64.h"
#include "net/openssl.h"

namespace larmor::accounts {
namespace {

using net::Free;
using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using Number = std::unique_ptr<BIGNUM, Free<BN_free>>;

constexpr int kWeakest = 2048;           // bits of an RSA key
constexpr std::size_t kCoordinate = 32;  // bytes, P-256

struct AlgorithmRow {
  std::string_view name, type;
};
constexpr std::array kAlgorithms = {AlgorithmRow{"RS256", "RSA"}, AlgorithmRow{"ES256", "EC"}};

const unsigned char* bytes(const std::string& text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string field(const Json& key, const char* name) {
  const auto text = member_or<std::string>(key, name, "");
  return text ? from_base64url(*text).value_or("") : "";
}

Number number(const std::string& text) {
  return Number(BN_bin2bn(bytes(text), static_cast<int>(text.size()), nullptr));
}

Key from_parameters(const char* type, OSSL_PARAM_BLD* builder) {
  const std::unique_ptr<OSSL_PARAM, Free<OSSL_PARAM_free>> parameters(OSSL_PARAM_BLD_to_param(builder));
  const std::unique_ptr<EVP_PKEY_CTX, Free<EVP_PKEY_CTX_free>> context(
      EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* made = nullptr;
  if (!parameters || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &made, EVP_PKEY_PUBLIC_KEY, parameters.get()) != 1)
    return nullptr;
  return Key(made);
}

Key rsa_key(const Json& jwk) {
  const auto n = number(field(jwk, "n")), e = number(field(jwk, "e"));
  if (!n || !e || BN_num_bits(n.get()) < kWeakest) return nullptr;
  const std::unique_ptr<OSSL_PARAM_BLD, Free<OSSL_PARAM_BLD_free>> builder(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get());
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get());
  return from_parameters("RSA", builder.get());
}

Key ec_key(const Json& jwk) {
  const auto x = field(jwk, "x"), y = field(jwk, "y");
  if (member_or<std::string>(jwk, "crv", "").value_or("") != "P-256" || x.size() != kCoordinate ||
      y.size() != kCoordinate)
    return nullptr;
  const auto point = '\x04' + x + y;  // uncompressed, SEC 1 section 2.3.3
  const std::unique_ptr<OSSL_PARAM_BLD, Free<OSSL_PARAM_BLD_free>> builder(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0);
  OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size());
  return from_parameters("EC", builder.get());
}

/// r and s one after the other (RFC 7518, section 3.4) as OpenSSL wants them; empty where they are not.
std::string as_der(const std::string& signature) {
  if (signature.size() != 2 * kCoordinate) return {};
  const std::unique_ptr<ECDSA_SIG, Free<ECDSA_SIG_free>> both(ECDSA_SIG_new());
  auto r = number(signature.substr(0, kCoordinate)), s = number(signature.substr(kCoordinate));
  if (ECDSA_SIG_set0(both.get(), r.get(), s.get()) != 1) return {};
  (void)r.release();  // they belong to the pair now
  (void)s.release();
  std::string der(static_cast<std::size_t>(i2d_ECDSA_SIG(both.get(), nullptr)), '\0');
  auto* out = reinterpret_cast<unsigned char*>(der.data());
  i2d_ECDSA_SIG(both.get(), &out);
  return der;
}

bool fits(const Json& key, const std::string& id, const AlgorithmRow& row) {
  const auto text = [&](const char* name) { return member_or<std::string>(key, name, "").value_or("?"); };
  const auto use = text("use"), algorithm = text("alg");
  return text("kty") == row.type && (use.empty() || use == "sig") && (algorithm.empty() || algorithm == row.name) &&
         (id.empty() || text("kid") == id);
}

}  // namespace

Json key_for(const Json& keys, const std::string& id, const std::string& algorithm) {
  Json found;
  for (const auto& row : kAlgorithms) {
    if (row.name != algorithm || !keys.is_array()) continue;
    for (const auto& key : keys) {
      if (!fits(key, id, row)) continue;
      if (!found.is_null()) return {};  // which of them is not said
      found = key;
    }
  }
  return found;
}

bool is_signed(const Json& jwk, const std::string& algorithm, const std::string& text, const std::string& signature) {
  const bool elliptic = algorithm == "ES256";
  if (!elliptic && algorithm != "RS256") return false;
  const auto key = elliptic ? ec_key(jwk) : rsa_key(jwk);
  const auto proof = elliptic ? as_der(signature) : signature;
  const std::unique_ptr<EVP_MD_CTX, Free<EVP_MD_CTX_free>> context(EVP_MD_CTX_new());
  return key && !proof.empty() && EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get()) == 1 &&
         EVP_DigestVerify(context.get(), bytes(proof), proof.size(), bytes(text), text.size()) == 1;
}

}  // namespace larmor::accounts

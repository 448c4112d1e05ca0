#include "net/certs.h"

#include <arpa/inet.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <set>

#include "base/file.h"
#include "base/random.h"
#include "net/openssl.h"
#include "net/tls.h"

namespace larmor::net {
namespace {

namespace fs = std::filesystem;

constexpr auto kAuthorityLife = std::chrono::days(3653);
constexpr auto kServiceLife = std::chrono::days(825);  // what browsers and libraries accept at most
constexpr auto kClockSkew = 1h;                        // a peer whose clock is behind must not find it "not yet valid"

using Certificate = std::unique_ptr<X509, Free<X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using Memory = std::unique_ptr<BIO, Free<BIO_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Free<X509_EXTENSION_free>>;
using Names = std::unique_ptr<GENERAL_NAMES, Free<GENERAL_NAMES_free>>;

struct Pair {
  Certificate certificate;
  Key key;
};

struct Plan {
  std::string common_name;
  std::chrono::seconds life{};
  std::vector<std::pair<int, std::string>> extensions;
};

Failure refused(std::string_view doing) {
  return fail(Code::internal, "cannot {}: {}", doing, tls_error("OpenSSL gave no reason"));
}

bool is_address(const std::string& host) {
  in6_addr raw{};
  return ::inet_pton(AF_INET, host.c_str(), &raw) == 1 || ::inet_pton(AF_INET6, host.c_str(), &raw) == 1;
}

Result<std::string> alternative_names(const std::string& name, const std::vector<std::string>& extra) {
  std::array<char, 256> host_name{};
  std::vector<std::string> all = {"localhost", "127.0.0.1", "::1", name};
  if (::gethostname(host_name.data(), host_name.size() - 1) == 0 && host_name[0] != '\0')
    all.emplace_back(host_name.data());
  all.insert(all.end(), extra.begin(), extra.end());
  std::set<std::string> seen;
  std::string text;
  for (const auto& host : all) {
    if (!seen.insert(host).second) continue;
    const bool address = is_address(host);
    constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_*";
    if (!address && (host.empty() || host.find_first_not_of(letters) != std::string::npos))
      return fail(Code::invalid, "'{}' is neither a host name nor an IP address", host);
    text += fmt::format("{}{}:{}", text.empty() ? "" : ",", address ? "IP" : "DNS", host);
  }
  return text;
}

Result<void> extend(X509* certificate, X509* issuer, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str()));
  if (!extension || X509_add_ext(certificate, extension.get(), -1) != 1)
    return refused(fmt::format("write '{}' into a certificate", value));
  return {};
}

/// Signed by `issuer`, or by itself without one.
Result<Pair> sign(const Plan& plan, const Pair* issuer, Time now) {
  Pair made{Certificate(X509_new()), Key(EVP_EC_gen("P-256"))};
  if (!made.certificate || !made.key) return refused("make a key");
  auto* x509 = made.certificate.get();
  X509_set_version(x509, X509_VERSION_3);
  std::array<unsigned char, 16> serial{};
  if (RAND_bytes(serial.data(), serial.size()) != 1) return refused("draw a serial number");
  serial[0] = static_cast<unsigned char>((serial[0] & 0x7F) | 0x40);  // positive, and of full length
  const std::unique_ptr<BIGNUM, Free<BN_free>> number(BN_bin2bn(serial.data(), serial.size(), nullptr));
  BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(x509));
  const auto from = std::chrono::floor<std::chrono::seconds>(now);
  ASN1_TIME_set(X509_getm_notBefore(x509), (from - kClockSkew).time_since_epoch().count());
  ASN1_TIME_set(X509_getm_notAfter(x509), (from + plan.life).time_since_epoch().count());
  auto* subject = X509_get_subject_name(x509);
  const auto entry = [&](const char* field, const std::string& text) {
    return X509_NAME_add_entry_by_txt(subject, field, MBSTRING_UTF8,
                                      reinterpret_cast<const unsigned char*>(text.c_str()), -1, -1, 0);
  };
  if (entry("O", "Larmor") != 1 || entry("CN", plan.common_name) != 1)
    return fail(Code::invalid, "'{}' cannot be the name of a certificate", plan.common_name);
  auto* authority = issuer ? issuer->certificate.get() : x509;
  X509_set_issuer_name(x509, X509_get_subject_name(authority));
  X509_set_pubkey(x509, made.key.get());
  for (const auto& [nid, value] : plan.extensions) CHECK_OK(extend(x509, authority, nid, value));
  if (X509_sign(x509, issuer ? issuer->key.get() : made.key.get(), EVP_sha256()) == 0)
    return refused("sign a certificate");
  return made;
}

Result<Pair> make_authority(Time now) {
  return sign({fmt::format("Larmor CA {}", random_token().substr(0, 8)),
               kAuthorityLife,
               {{NID_basic_constraints, "critical,CA:TRUE,pathlen:0"},
                {NID_key_usage, "critical,keyCertSign,cRLSign"},
                {NID_subject_key_identifier, "hash"}}},
              nullptr, now);
}

Result<Pair> make_service(const std::string& name, const std::string& hosts, const Pair& authority, Time now) {
  return sign({name,
               kServiceLife,
               {{NID_basic_constraints, "critical,CA:FALSE"},
                {NID_key_usage, "critical,digitalSignature"},
                {NID_ext_key_usage, "serverAuth,clientAuth"},
                {NID_subject_alt_name, hosts},
                {NID_subject_key_identifier, "hash"},
                {NID_authority_key_identifier, "keyid"}}},
              &authority, now);
}

template <class Write>
std::string pem(Write write) {
  const Memory memory(BIO_new(BIO_s_mem()));
  write(memory.get());
  char* text = nullptr;
  const auto size = BIO_get_mem_data(memory.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

/// The key first: a certificate in place says that its key is there too.
Result<void> save(const Pair& pair, const fs::path& base, std::vector<fs::path>& written) {
  auto key_file = base, certificate_file = base;
  key_file += ".key";
  certificate_file += ".pem";
  CHECK_OK(write_file_durably(key_file, pem([&](BIO* to) {
                                PEM_write_bio_PrivateKey(to, pair.key.get(), nullptr, nullptr, 0, nullptr, nullptr);
                              }),
                              0600));
  written.push_back(key_file);
  CHECK_OK(write_file_durably(certificate_file, pem([&](BIO* to) { PEM_write_bio_X509(to, pair.certificate.get()); }),
                              0644));
  written.push_back(certificate_file);
  return {};
}

Result<Certificate> load_certificate(const fs::path& path) {
  const auto text = TRY(read_file(path, 1u << 20));
  const Memory memory(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
  Certificate certificate(PEM_read_bio_X509(memory.get(), nullptr, nullptr, nullptr));
  if (!certificate) return fail(Code::invalid, "{} holds no certificate: {}", path.string(), tls_error("not PEM"));
  return certificate;
}

Result<Key> load_key(const fs::path& path) {
  const auto text = TRY(read_file(path, 1u << 20));
  const Memory memory(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
  Key key(PEM_read_bio_PrivateKey(memory.get(), nullptr, nullptr, nullptr));
  if (!key) return fail(Code::invalid, "{} holds no key: {}", path.string(), tls_error("not PEM"));
  return key;
}

Result<Pair> authority_of(const fs::path& directory, Time now, std::vector<fs::path>& written) {
  const auto certificate_file = directory / "ca.pem", key_file = directory / "ca.key";
  const bool has_certificate = fs::exists(certificate_file), has_key = fs::exists(key_file);
  if (!has_certificate && !has_key) {
    auto made = TRY(make_authority(now));
    CHECK_OK(save(made, directory / "ca", written));
    return made;
  }
  if (!has_certificate || !has_key)
    return fail_with({Code::conflict,
                      fmt::format("{} is there, but {} is not", (has_key ? key_file : certificate_file).string(),
                                  (has_key ? certificate_file : key_file).string()),
                      "Put the missing half back, or choose another directory: a CA is never overwritten.", ""});
  Pair pair{TRY(load_certificate(certificate_file)), TRY(load_key(key_file))};
  if (X509_check_private_key(pair.certificate.get(), pair.key.get()) != 1)
    return fail(Code::conflict, "{} is not the key of {}", key_file.string(), certificate_file.string());
  return pair;
}

std::vector<std::string> hosts_of(const X509* certificate) {
  std::vector<std::string> hosts;
  const Names names(static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const auto* name = sk_GENERAL_NAME_value(names.get(), i);
    if (name->type != GEN_DNS && name->type != GEN_IPADD) continue;
    const auto* value = name->type == GEN_DNS ? name->d.dNSName : name->d.iPAddress;
    const auto* data = ASN1_STRING_get0_data(value);
    const int size = ASN1_STRING_length(value);
    if (name->type == GEN_DNS) {
      hosts.emplace_back(reinterpret_cast<const char*>(data), static_cast<std::size_t>(size));
      continue;
    }
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (::inet_ntop(size == 4 ? AF_INET : AF_INET6, data, text.data(), text.size())) hosts.emplace_back(text.data());
  }
  return hosts;
}

}  // namespace

Result<std::vector<fs::path>> make_certificates(const CertificateOrder& order, Time now) {
  std::error_code error;
  fs::create_directories(order.directory, error);
  if (error) return fail_with(file_error("create", order.directory, error.value()));
  std::vector<fs::path> written;
  const auto authority = TRY(authority_of(order.directory, now, written));
  for (const auto& name : order.names) {
    if (name.empty() || name == "ca" || name.find_first_of("/\\.,:") != std::string::npos)
      return fail(Code::invalid, "'{}' cannot be the name of a service's certificate", name);
    const auto base = order.directory / name;
    if (fs::exists(base.string() + ".pem")) continue;
    const auto hosts = TRY(alternative_names(name, order.hosts));
    CHECK_OK(save(TRY(make_service(name, hosts, authority, now)), base, written));
  }
  return written;
}

TlsFiles tls_files(const fs::path& directory, const std::string& name, bool mutual) {
  TlsFiles files{directory / (name + ".pem"), directory / (name + ".key"), {}};
  if (mutual) files.client_ca = directory / "ca.pem";
  return files;
}

Result<CertificateState> read_certificate(const fs::path& path) {
  const auto certificate = TRY(load_certificate(path));
  std::tm end{};
  if (ASN1_TIME_to_tm(X509_get0_notAfter(certificate.get()), &end) != 1)
    return fail(Code::corrupt, "{} has no readable expiry date", path.string());
  return CertificateState{common_name(certificate.get()), hosts_of(certificate.get()),
                          Time(std::chrono::seconds(::timegm(&end)))};
}

}  // namespace larmor::net

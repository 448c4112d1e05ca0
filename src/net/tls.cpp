#include "net/tls.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <cstring>

namespace larmor::net {
namespace {

Failure refuse(std::string_view doing, const std::filesystem::path& path) {
  return fail_with({Code::invalid, fmt::format("cannot {} {}: {}", doing, path.string(), tls_error("unreadable")),
                    "`larmor certs init DIR` makes a CA and certificates.", ""});
}

Result<TlsContext> context(const SSL_METHOD* method) {
  ERR_clear_error();
  TlsContext made(SSL_CTX_new(method));
  if (!made) return fail(Code::internal, "cannot make a TLS context: {}", tls_error("no reason given"));
  SSL_CTX_set_min_proto_version(made.get(), TLS1_2_VERSION);
  SSL_CTX_set_options(made.get(), SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_mode(made.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                   SSL_MODE_RELEASE_BUFFERS | SSL_MODE_AUTO_RETRY);
  return made;
}

Result<void> use_certificate(SSL_CTX* ssl, const TlsFiles& files) {
  if (SSL_CTX_use_certificate_chain_file(ssl, files.certificate.c_str()) != 1)
    return refuse("use the certificate", files.certificate);
  if (SSL_CTX_use_PrivateKey_file(ssl, files.key.c_str(), SSL_FILETYPE_PEM) != 1)
    return refuse("use the key", files.key);
  if (SSL_CTX_check_private_key(ssl) != 1) return refuse("match the certificate with the key", files.key);
  return {};
}

}  // namespace

void FreeTlsContext::operator()(SSL_CTX* context) const {
  SSL_CTX_free(context);
}

Result<TlsContext> server_tls(const TlsFiles& files) {
  auto made = TRY(context(TLS_server_method()));
  CHECK_OK(use_certificate(made.get(), files));
  constexpr std::string_view id = "larmor";  // sessions are resumed only with the client check of this same context
  SSL_CTX_set_session_id_context(made.get(), reinterpret_cast<const unsigned char*>(id.data()), id.size());
  if (!files.client_ca) return made;
  if (SSL_CTX_load_verify_file(made.get(), files.client_ca->c_str()) != 1)
    return refuse("use the certificate authority", *files.client_ca);
  SSL_CTX_set_client_CA_list(made.get(), SSL_load_client_CA_file(files.client_ca->c_str()));
  SSL_CTX_set_verify(made.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  return made;
}

Result<TlsContext> client_tls(const std::optional<TlsFiles>& files) {
  auto made = TRY(context(TLS_client_method()));
  SSL_CTX_set_verify(made.get(), SSL_VERIFY_PEER, nullptr);
  if (files && !files->certificate.empty()) CHECK_OK(use_certificate(made.get(), *files));
  if (!files || !files->client_ca) {
    SSL_CTX_set_default_verify_paths(made.get());
  } else if (SSL_CTX_load_verify_file(made.get(), files->client_ca->c_str()) != 1) {
    return refuse("use the certificate authority", *files->client_ca);
  }
  return made;
}

std::string common_name(const X509* certificate) {
  const auto* subject = X509_get_subject_name(certificate);
  const int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
  if (at < 0) return {};
  unsigned char* utf8 = nullptr;
  const int size = ASN1_STRING_to_UTF8(&utf8, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)));
  if (size < 0) return {};
  std::string text(reinterpret_cast<char*>(utf8), static_cast<std::size_t>(size));
  OPENSSL_free(utf8);
  return text;
}

std::string peer_common_name(const SSL* ssl) {
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(SSL_get1_peer_certificate(ssl), &X509_free);
  return certificate ? common_name(certificate.get()) : std::string();
}

std::string tls_error(std::string_view otherwise) {
  const auto code = ERR_get_error();
  ERR_clear_error();
  if (code == 0) return std::string(otherwise);
  if (ERR_SYSTEM_ERROR(code)) return std::strerror(ERR_GET_REASON(code));
  const char* reason = ERR_reason_error_string(code);
  return reason ? reason : fmt::format("error {:#x}", code);
}

}  // namespace larmor::net

#pragma once
/// TLS contexts and what OpenSSL says about them. TLS 1.2 and 1.3; contexts may be shared between threads once made.
#include <openssl/types.h>

#include <memory>
#include <optional>
#include <string>

#include "net/server.h"

namespace larmor::net {

struct FreeTlsContext {
  void operator()(SSL_CTX*) const;
};
using TlsContext = std::unique_ptr<SSL_CTX, FreeTlsContext>;

/// With client_ca every caller must show a certificate of that CA.
Result<TlsContext> server_tls(const TlsFiles&);
/// Shows our certificate and accepts only peers of client_ca; without files: the system's CAs, no certificate of ours.
Result<TlsContext> client_tls(const std::optional<TlsFiles>&);

/// Common name of a certificate's subject; empty without one.
std::string common_name(const X509*);
/// Of the certificate that the other side proved to own; empty without one.
std::string peer_common_name(const SSL*);
/// The oldest entry of this thread's error queue in words, or `otherwise`; empties the queue.
std::string tls_error(std::string_view otherwise);

}  // namespace larmor::net

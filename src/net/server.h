#pragma once
/// Serves a router over HTTP/1.1, in plain text, TLS, or mutual TLS.
///
/// Two I/O threads move bytes; handlers run on `workers` threads, at most `backlog` wait (then 503 with Retry-After).
/// Bounds: header 16 KiB, header time-out 10 s, idle time-out 60 s, `connections` open ones.
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "net/http.h"

namespace larmor::net {

struct TlsFiles {
  std::filesystem::path certificate;           ///< PEM chain
  std::filesystem::path key;                   ///< PEM
  std::optional<std::filesystem::path> client_ca;  ///< given: every caller must show a certificate of this CA
};

struct ServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;                      ///< 0: any free one, see Server::port()
  std::optional<TlsFiles> tls;
  int workers = 16;
  int backlog = 256;
  int connections = 1024;
  std::uint64_t largest_body = std::uint64_t{16} << 30;
};

class Server {
 public:
  /// Listens when it returns. The router must outlive the server.
  static Result<std::unique_ptr<Server>> listen(const ServerOptions&, const Router&);
  virtual ~Server() = default;                 ///< stops listening, lets running handlers finish (bounded: 10 s)
  virtual std::uint16_t port() const = 0;
};

}  // namespace larmor::net

#pragma once
/// Serves a router over HTTP/1.1, in plain text, TLS, or mutual TLS.
///
/// A loop for each core reads, answers and writes; at most `workers` handlers run at once, and at most `backlog` wait
/// (then 503 with Retry-After). A handler may block: its loop goes on without it (loop.h).
/// Bounds: header 16 KiB, header time-out 10 s, idle time-out 60 s (no byte read or written), `connections` open ones
/// (then 503). A body of up to 64 KiB has arrived before its handler starts, so that a slow sender of small requests
/// holds no worker; of larger ones and of those in chunks, which may be slow as well, at most three quarters of the
/// workers wait for the rest, for 60 s and a second for each KiB that came.
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "net/http.h"

namespace larmor::net {

struct TlsFiles {
  std::filesystem::path certificate;               ///< PEM chain
  std::filesystem::path key;                       ///< PEM
  std::optional<std::filesystem::path> client_ca;  ///< given: every caller must show a certificate of this CA
};

struct ServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;  ///< 0: any free one, see Server::port()
  std::optional<TlsFiles> tls;
  int workers = 16;
  int backlog = 256;
  int connections = 1024;
  std::uint64_t largest_body = std::uint64_t{16} << 30;
  Duration header_timeout = 10s;  ///< from a request's first byte to the end of its header; also for the handshake
  Duration idle_timeout = 60s;    ///< between requests, and for any single read or write of a body; see above
};

class Server {
 public:
  /// Listens when it returns. The router must outlive the server.
  static Result<std::unique_ptr<Server>> listen(const ServerOptions&, const Router&);
  /// Stops listening, ends event streams, and lets running requests finish for 10 s; then their connections are cut,
  /// and it only waits for the handlers' own deadlines.
  virtual ~Server() = default;
  virtual std::uint16_t port() const = 0;
};

}  // namespace larmor::net

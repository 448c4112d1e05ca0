#pragma once
/// Calls a peer over HTTP/1.1; keeps connections alive and reopens them once when the peer has closed an idle one.
///
/// Threads: every method may be called from any thread. Every call is bounded by its Call's deadline.
/// Failures: `unavailable` (refused, reset; retryable), `timed_out`, `unauthenticated` (one side refused the other's
/// certificate), or the Error of the peer's problem+json. A request that may have had an effect is sent again only when
/// that is harmless: GET, HEAD, PUT, DELETE, or with an idempotency key.
#include <memory>
#include <string>

#include "net/http.h"
#include "net/server.h"

namespace larmor::net {

struct ClientOptions {
  std::string base;  ///< "https://127.0.0.1:8443"
  std::optional<TlsFiles>
      tls;  ///< our own certificate, and (client_ca) the CA that the peer must have; without: the system's
  std::string token = {};       ///< of a program, sent as `Authorization: Bearer`; empty: none
  int connections = 64;         ///< open at most; further calls wait for one until their deadline
  int idle_connections = 8;     ///< kept open between calls
  Duration idle_timeout = 30s;  ///< kept no longer than this: below what servers allow, so that we close first
};

struct Reply {
  int status = 0;
  Headers headers;
  std::string body;
};

/// A reply whose body is read as it arrives.
struct StreamedReply {
  int status = 0;
  Headers headers;
  std::optional<std::uint64_t> size;
  std::unique_ptr<ByteSource> body;
};

class Client {
 public:
  static Result<std::unique_ptr<Client>> make(const ClientOptions&);
  virtual ~Client() = default;
  /// `target` is path and query, already encoded. Answers of 400 and above are returned as the Error they carry.
  virtual Result<Reply> send(Method, const std::string& target, const std::string& json_body, const Call&) = 0;
  /// Sends a form's fields, already encoded, as a browser would.
  virtual Result<Reply> submit(const std::string& target, const std::string& form, const Call&) = 0;
  /// Sends `body` as application/octet-stream, chunked.
  virtual Result<Reply> upload(Method, const std::string& target, ByteSource& body, const Call&) = 0;
  virtual Result<StreamedReply> download(const std::string& target, const Call&, const Headers& extra = {}) = 0;

  Result<Json> get(const std::string& target, const Call&);
  Result<Json> post(const std::string& target, const Json&, const Call&);
  Result<Json> put(const std::string& target, const Json&, const Call&);
};

}  // namespace larmor::net

#pragma once
/// One connection of the client, plain or TLS, blocking within a deadline. One thread at a time.
#include <openssl/types.h>

#include "base/file.h"
#include "net/body.h"

namespace larmor::net {

/// What a client connects to.
struct Peer {
  std::string host;  ///< name or IP address, without brackets
  std::uint16_t port = 0;
  std::string base;       ///< for messages: "https://127.0.0.1:8443"
  std::string authority;  ///< the Host header
};

class Connection final : public Channel {
 public:
  using Deadline = std::chrono::steady_clock::time_point;

  /// Resolves, connects, and shakes hands when `tls` is given; the peer's certificate must be of its CA and name the
  /// host.
  static Result<std::unique_ptr<Connection>> open(const Peer&, SSL_CTX* tls, Deadline);
  ~Connection() override;

  void set_deadline(Deadline deadline) { deadline_ = deadline; }
  Result<void> write(std::string_view);
  Result<std::size_t> read_some(MutableBytes into) override;
  /// Something waits to be read, be it the end: an idle connection with that is spent.
  bool has_news() const;

  Inbox inbox;
  Deadline idle_since;
  bool used = false;  ///< carried a request before

 private:
  Connection(const Peer& peer, FileHandle socket) : base_(peer.base), socket_(std::move(socket)) {}
  Result<void> shake_hands(const Peer&, SSL_CTX*);
  Result<void> wait_for(short events);
  Result<void> wait_for_tls(int result, std::string_view doing);
  Error broken(std::string_view doing, std::string_view why) const;

  std::string base_;
  FileHandle socket_;
  SSL* ssl_ = nullptr;
  Deadline deadline_;
};

}  // namespace larmor::net

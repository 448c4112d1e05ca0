#pragma once
/// One accepted connection's bytes, plain or TLS: awaited on its loop, or read blocking by the worker that serves it.
///
/// Never both at once: the session waits while its worker reads. Time: whoever starts an operation sets its deadline;
/// the server's sweep cuts wires whose deadline has passed, from the same loop.
#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>

#include "base/file_stretch.h"
#include "net/body.h"

namespace larmor::net {

namespace asio = boost::asio;
using ErrorCode = boost::system::error_code;

class Wire : public Channel {
 public:
  using Instant = std::chrono::steady_clock::time_point;

  static std::unique_ptr<Wire> plain(asio::ip::tcp::socket);
  /// The context must outlive the wire.
  static std::unique_ptr<Wire> secure(asio::ip::tcp::socket, asio::ssl::context&);

  virtual asio::awaitable<bool> handshake() = 0;
  /// 0 at the end or on an error.
  virtual asio::awaitable<std::size_t> read(MutableBytes into) = 0;
  /// All of it; false when the connection is gone.
  virtual asio::awaitable<bool> write(Bytes, Bytes then = {}, Bytes last = {}) = 0;
  /// Tells the other side that nothing more comes, as far as that leaves reading possible.
  virtual void half_close() = 0;
  virtual asio::awaitable<void> say_goodbye() = 0;
  /// Blocking, for the worker; within `patience`.
  virtual Result<void> write_now(std::string_view) = 0;
  virtual std::string peer() const = 0;
  virtual asio::ip::tcp::socket& socket() = 0;

  /// Without encryption the kernel can send a file's bytes by itself.
  virtual bool sends_files() const = 0;
  /// Without waiting, for the worker: how many bytes went, fewer than given when the connection takes no more now.
  /// `cancelled` when it is gone, `corrupt` when the file ends before.
  /// With `more` to come, it may wait for that to leave in one packet.
  Result<std::size_t> send_now(Bytes, bool more);
  Result<std::size_t> send_now(const FileStretch&);
  /// False when the connection is gone.
  asio::awaitable<bool> writable();

  void expire_after(Duration patience) { deadline_ = (std::chrono::steady_clock::now() + patience).time_since_epoch(); }
  void never_expire() { deadline_ = Instant::max().time_since_epoch(); }
  bool expired(Instant now) const { return now.time_since_epoch() > deadline_.load(); }
  /// Ends every operation on it, whichever thread waits; `late` tells a deadline from a disconnect.
  void cut(bool late);
  /// For read_some() by a worker.
  void set_patience(Duration patience) { patience_ = patience; }

 protected:
  bool late() const { return late_; }
  Duration patience() const { return patience_; }

 private:
  std::atomic<Instant::duration> deadline_{Instant::max().time_since_epoch()};
  std::atomic<bool> late_{false};
  Duration patience_ = 60s;
};

}  // namespace larmor::net

#include "net/wire.h"

#include <sys/sendfile.h>
#include <sys/socket.h>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "net/tls.h"

namespace larmor::net {
namespace {

using Tcp = asio::ip::tcp::socket;
using Tls = asio::ssl::stream<Tcp>;

Tcp& tcp_of(Tcp& stream) {
  return stream;
}
Tcp& tcp_of(Tls& stream) {
  return stream.next_layer();
}

asio::mutable_buffer buffer_of(MutableBytes bytes) {
  return {bytes.data(), bytes.size()};
}
asio::const_buffer buffer_of(Bytes bytes) {
  return {bytes.data(), bytes.size()};
}

/// What a system call that does not wait has sent.
Result<std::size_t> sent(ssize_t n) {
  if (n > 0) return static_cast<std::size_t>(n);
  if (n == 0) return fail(Code::corrupt, "the file ends before the answer does");
  if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) return std::size_t{0};
  if (errno == EIO) return fail(Code::unavailable, "the disk cannot read what the answer needs");
  return fail(Code::cancelled, "the reader has gone");
}

template <class Stream>
class StreamWire final : public Wire {
 public:
  template <class... Args>
  explicit StreamWire(Args&&... args) : stream_(std::forward<Args>(args)...) {
    ErrorCode ignored;
    tcp_of(stream_).set_option(asio::ip::tcp::no_delay(true), ignored);
    tcp_of(stream_).native_non_blocking(true, ignored);  // for send_now(); whoever wants to wait still does
  }

  asio::awaitable<bool> handshake() override {
    if constexpr (std::is_same_v<Stream, Tls>) {
      ErrorCode error;
      co_await stream_.async_handshake(Tls::server, asio::redirect_error(asio::use_awaitable, error));
      co_return !error;
    }
    co_return true;
  }

  asio::awaitable<std::size_t> read(MutableBytes into) override {
    ErrorCode error;
    const auto n = co_await stream_.async_read_some(buffer_of(into), asio::redirect_error(asio::use_awaitable, error));
    co_return error ? 0 : n;
  }

  asio::awaitable<bool> write(Bytes bytes, Bytes then, Bytes last) override {
    ErrorCode error;
    const std::array<asio::const_buffer, 3> all = {buffer_of(bytes), buffer_of(then), buffer_of(last)};
    co_await asio::async_write(stream_, all, asio::redirect_error(asio::use_awaitable, error));
    co_return !error;
  }

  void half_close() override {
    ErrorCode ignored;
    if constexpr (std::is_same_v<Stream, Tcp>) stream_.shutdown(Tcp::shutdown_send, ignored);
  }

  asio::awaitable<void> say_goodbye() override {
    ErrorCode error;
    if constexpr (std::is_same_v<Stream, Tls>)
      co_await stream_.async_shutdown(asio::redirect_error(asio::use_awaitable, error));
    tcp_of(stream_).shutdown(Tcp::shutdown_send, error);
    co_return;
  }

  Result<std::size_t> read_some(MutableBytes into) override {
    ErrorCode error;
    expire_after(patience());
    const auto n = stream_.read_some(buffer_of(into), error);
    never_expire();
    if (late()) return fail(Code::timed_out, "the sender sent nothing for {} s", seconds(patience()));
    if (error == asio::error::eof || error == asio::ssl::error::stream_truncated) return 0;
    if (error) return fail(Code::unavailable, "the connection to the sender broke: {}", error.message());
    return n;
  }

  Result<void> write_now(std::string_view text) override {
    ErrorCode error;
    expire_after(patience());
    asio::write(stream_, asio::const_buffer(text.data(), text.size()), error);
    never_expire();
    if (error) return fail(Code::unavailable, "the connection to the sender broke: {}", error.message());
    return {};
  }

  std::string peer() const override {
    if constexpr (std::is_same_v<Stream, Tls>)
      return peer_common_name(const_cast<Tls&>(stream_).native_handle());
    else
      return {};
  }

  Tcp& socket() override { return tcp_of(stream_); }
  bool sends_files() const override { return std::is_same_v<Stream, Tcp>; }

 private:
  Stream stream_;
};

}  // namespace

std::unique_ptr<Wire> Wire::plain(Tcp socket) {
  return std::make_unique<StreamWire<Tcp>>(std::move(socket));
}

std::unique_ptr<Wire> Wire::secure(Tcp socket, asio::ssl::context& context) {
  return std::make_unique<StreamWire<Tls>>(std::move(socket), context);
}

Result<std::size_t> Wire::send_now(Bytes bytes, bool more) {
  return sent(::send(socket().native_handle(), bytes.data(), bytes.size(), MSG_NOSIGNAL | (more ? MSG_MORE : 0)));
}

Result<std::size_t> Wire::send_now(const FileStretch& stretch) {
  auto offset = static_cast<off_t>(stretch.first);
  return sent(::sendfile(socket().native_handle(), stretch.file, &offset, stretch.count));
}

asio::awaitable<bool> Wire::writable() {
  ErrorCode error;
  co_await socket().async_wait(Tcp::wait_write, asio::redirect_error(asio::use_awaitable, error));
  co_return !error;
}

void Wire::cut(bool late) {
  if (late) late_ = true;
  // Not close(): the descriptor must stay ours until every waiting operation has ended.
  ::shutdown(socket().native_handle(), SHUT_RDWR);
}

}  // namespace larmor::net

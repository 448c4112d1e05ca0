#pragma once
/// The body of a message as a stream: what is left in the connection's inbox first, then what the connection brings.
///
/// Used by the server's workers and by the client; blocking. One thread at a time.
#include <functional>
#include <vector>

#include "net/message.h"

namespace larmor::net {

/// Where more bytes of a connection come from.
class Channel {
 public:
  virtual ~Channel() = default;
  /// Waits for at least one byte; 0 when the other side has closed. `timed_out` and `unavailable` end the connection.
  virtual Result<std::size_t> read_some(MutableBytes into) = 0;
};

/// Bytes that arrived and were not consumed yet. Holds at most what room() was asked for.
class Inbox {
 public:
  static constexpr std::size_t kSmall = 8u << 10, kLarge = 64u << 10;

  Bytes ready() const { return Bytes(bytes_).subspan(begin_, end_ - begin_); }
  void consume(std::size_t n) { begin_ += n; }
  /// Free space behind what is ready, within a total of `capacity` bytes; may be empty.
  MutableBytes room(std::size_t capacity);
  void added(std::size_t n) { end_ += n; }
  /// Gives large memory back while a connection is idle.
  void rest();

 private:
  std::vector<std::byte> bytes_;
  std::size_t begin_ = 0, end_ = 0;
};

/// As much as the source gives until `into` is full.
Result<std::size_t> fill(ByteSource&, MutableBytes into);

class MessageBody final : public ByteSource {
 public:
  /// `before_waiting` runs once, before the first byte is awaited from the channel (the server's "100 Continue").
  MessageBody(MessageReader reader, Inbox& inbox, Channel& channel, std::function<Result<void>()> before_waiting = {});

  Result<std::size_t> read(MutableBytes into) override;
  /// The whole message was read.
  bool done() const { return done_; }
  /// Reads over what has arrived already, without waiting.
  void skip_ready();
  /// From now on reads fail and neither inbox nor channel is touched.
  void close();

 private:
  Result<std::size_t> read_sized(MutableBytes into);
  Result<std::size_t> read_framed(MutableBytes into);
  Result<std::size_t> wait(MutableBytes into);
  Failure cut_off() const;

  MessageReader reader_;
  Inbox* inbox_;
  Channel* channel_;
  std::function<Result<void>()> before_waiting_;
  std::optional<std::uint64_t> left_;  ///< of a body with Content-Length
  std::uint64_t seen_ = 0;
  bool done_ = false;
  std::optional<Error> failed_;
};

}  // namespace larmor::net

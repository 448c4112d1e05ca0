#pragma once
/// Streams of bytes, pulled by whoever consumes them, so that nothing large ever rests in memory.
#include <cstddef>
#include <memory>
#include <span>
#include <string>

#include "base/result.h"

namespace larmor {

using Bytes = std::span<const std::byte>;
using MutableBytes = std::span<std::byte>;

inline Bytes as_bytes(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}
inline std::string_view as_text(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// One reader, one thread at a time.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  /// Fills the front of `into` and says how much; 0 only at the end. An error ends the stream.
  virtual Result<std::size_t> read(MutableBytes into) = 0;
};

/// Reads from memory that the caller keeps alive.
class MemorySource final : public ByteSource {
 public:
  explicit MemorySource(Bytes bytes) : left_(bytes) {}
  Result<std::size_t> read(MutableBytes into) override;

 private:
  Bytes left_;
};

/// Everything that is left, or `too_large` past `bound` bytes.
Result<std::string> read_all(ByteSource&, std::size_t bound);

}  // namespace larmor

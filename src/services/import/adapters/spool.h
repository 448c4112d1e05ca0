#pragma once
/// Values that wait for the rest of their object, in a file without a name: memory stays flat, and nothing of them is
/// left when the process ends. One thread at a time.
#include "base/file.h"

namespace larmor::importing {

class Spool {
 public:
  struct Slice {
    std::uint64_t first = 0, size = 0;
  };

  /// `bound`: bytes that may wait at one time.
  explicit Spool(std::uint64_t bound) : bound_(bound) {}

  /// All that the source gives. `too_large`, `out_of_space`, and the failures of the source; then nothing is kept.
  Result<Slice> keep(ByteSource&);
  Result<std::size_t> read(const Slice&, std::uint64_t offset, MutableBytes into) const;
  /// The first bytes, 1 MiB at most.
  Result<std::vector<std::byte>> front(const Slice&) const;
  /// Nothing waits any more: its room is used again.
  void clear() { used_ = 0; }

 private:
  std::uint64_t bound_, used_ = 0;
  FileHandle file_;
};

}  // namespace larmor::importing

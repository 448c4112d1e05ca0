#pragma once
/// Streams whose bytes lie in files, so that a server may have the kernel send them (sendfile(2)) instead of reading
/// them.
#include "base/bytes.h"

namespace larmor {

/// Bytes of an open file. The descriptor is good for as long as whoever gave it.
struct FileStretch {
  int file = -1;
  std::uint64_t first = 0, count = 0;
};

/// What lies in a file as a whole.
class InFile {
 public:
  virtual ~InFile() = default;
  virtual FileStretch file() const = 0;
};

/// Can be read like any other, too, and both in turns.
class FileBackedSource : public ByteSource {
 public:
  /// Where the next bytes lie; none where they must be read, or at the end.
  virtual Result<FileStretch> stretch() = 0;
  /// `n` bytes of the stretch were taken.
  virtual void skip(std::uint64_t n) = 0;
};

}  // namespace larmor

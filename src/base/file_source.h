#pragma once
/// A file read as a stream.
#include <algorithm>
#include <cstdint>
#include <limits>

#include "base/file.h"
#include "base/file_stretch.h"

namespace larmor {

/// Up to `count` bytes of a file, from its byte `first` on.
class FileSource final : public FileBackedSource {
 public:
  explicit FileSource(FileHandle file, std::uint64_t first = 0,
                      std::uint64_t count = std::numeric_limits<std::uint64_t>::max())
      : file_(std::move(file)), at_(first), left_(count) {}

  Result<std::size_t> read(MutableBytes into) override {
    const auto wanted = std::size_t(std::min<std::uint64_t>(into.size(), left_));
    const auto n = TRY(read_at(file_, into.first(wanted), at_));
    skip(n);
    return n;
  }
  Result<FileStretch> stretch() override { return FileStretch{file_.get(), at_, left_}; }
  void skip(std::uint64_t n) override { at_ += n, left_ -= n; }

 private:
  FileHandle file_;
  std::uint64_t at_, left_;
};

}  // namespace larmor

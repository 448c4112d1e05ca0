#pragma once
/// Files that are really there: every function that promises durability has synced the data and the directory entry.
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

#include "base/bytes.h"
#include "base/result.h"

namespace larmor {

/// An open file descriptor, closed at the end of its scope.
class FileHandle {
 public:
  FileHandle() = default;
  explicit FileHandle(int descriptor) : descriptor_(descriptor) {}
  FileHandle(FileHandle&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  FileHandle& operator=(FileHandle&& other) noexcept;
  ~FileHandle();
  int get() const { return descriptor_; }
  explicit operator bool() const { return descriptor_ >= 0; }

 private:
  int descriptor_ = -1;
};

/// open(2) with O_CLOEXEC; the error names the path and the cause.
Result<FileHandle> open_file(const std::filesystem::path&, int flags, int mode = 0640);
/// All of `bytes` at `offset`; ENOSPC and EDQUOT become `out_of_space`.
Result<void> write_at(const FileHandle&, Bytes bytes, std::uint64_t offset);
/// Up to into.size() bytes from `offset`; fewer only at the end of the file.
Result<std::size_t> read_at(const FileHandle&, MutableBytes into, std::uint64_t offset);
Result<std::string> read_file(const std::filesystem::path&, std::size_t bound = std::size_t{1} << 30);
/// Writes beside, syncs, renames, syncs the directory: after success a power cut shows all of it, before nothing of it.
Result<void> write_file_durably(const std::filesystem::path&, std::string_view content, int mode = 0640);
Result<void> sync_directory(const std::filesystem::path&);
/// errno as an Error: "cannot open /x: Permission denied".
Error file_error(std::string_view doing, const std::filesystem::path&, int error_number);

}  // namespace larmor

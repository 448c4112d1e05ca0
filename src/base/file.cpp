#include "base/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace larmor {

FileHandle& FileHandle::operator=(FileHandle&& other) noexcept {
  if (this != &other) {
    if (descriptor_ >= 0) ::close(descriptor_);
    descriptor_ = std::exchange(other.descriptor_, -1);
  }
  return *this;
}

FileHandle::~FileHandle() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Error file_error(std::string_view doing, const std::filesystem::path& path, int error_number) {
  const auto code = error_number == ENOENT                                                     ? Code::not_found
                    : error_number == ENOSPC || error_number == EDQUOT                         ? Code::out_of_space
                    : error_number == EACCES || error_number == EPERM || error_number == EROFS ? Code::forbidden
                                                                                               : Code::unavailable;
  return {code, fmt::format("cannot {} {}: {}", doing, path.string(), std::strerror(error_number)), {}, {}};
}

Result<FileHandle> open_file(const std::filesystem::path& path, int flags, int mode) {
  const int descriptor = ::open(path.c_str(), flags | O_CLOEXEC, mode);
  if (descriptor < 0) return fail_with(file_error("open", path, errno));
  return FileHandle(descriptor);
}

Result<void> write_at(const FileHandle& file, Bytes bytes, std::uint64_t offset) {
  while (!bytes.empty()) {
    const auto n = ::pwrite(file.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return fail_with(file_error("write to", "file", errno));
    bytes = bytes.subspan(static_cast<std::size_t>(n));
    offset += static_cast<std::uint64_t>(n);
  }
  return {};
}

Result<std::size_t> read_at(const FileHandle& file, MutableBytes into, std::uint64_t offset) {
  std::size_t done = 0;
  while (done < into.size()) {
    const auto n = ::pread(file.get(), into.data() + done, into.size() - done, static_cast<off_t>(offset + done));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return fail_with(file_error("read from", "file", errno));
    if (n == 0) break;
    done += static_cast<std::size_t>(n);
  }
  return done;
}

Result<std::string> read_file(const std::filesystem::path& path, std::size_t bound) {
  const auto file = TRY(open_file(path, O_RDONLY));
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return fail_with(file_error("look at", path, errno));
  if (!S_ISREG(status.st_mode)) return fail(Code::invalid, "{} is not a file", path.string());
  const auto size = static_cast<std::size_t>(status.st_size);
  if (size > bound) return fail(Code::too_large, "{} has {} bytes, more than {}", path.string(), size, bound);
  std::string content(size, '\0');
  content.resize(TRY(read_at(file, std::as_writable_bytes(std::span(content)), 0)));
  return content;
}

Result<void> sync_directory(const std::filesystem::path& path) {
  const auto directory = TRY(open_file(path.empty() ? "." : path, O_RDONLY | O_DIRECTORY));
  if (::fsync(directory.get()) != 0) return fail_with(file_error("sync", path, errno));
  return {};
}

Result<void> write_file_durably(const std::filesystem::path& path, std::string_view content, int mode) {
  auto beside = path;
  beside += ".new";
  {
    const auto file = TRY(open_file(beside, O_WRONLY | O_CREAT | O_TRUNC, mode));
    CHECK_OK(write_at(file, as_bytes(content), 0));
    if (::fdatasync(file.get()) != 0) return fail_with(file_error("sync", beside, errno));
  }
  if (::rename(beside.c_str(), path.c_str()) != 0) return fail_with(file_error("rename to", path, errno));
  return sync_directory(path.parent_path());
}

}  // namespace larmor

#include "services/import/adapters/spool.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

namespace larmor::importing {
namespace {

constexpr std::size_t kPiece = std::size_t{256} << 10, kFront = std::size_t{1} << 20;

Result<FileHandle> nameless_file() {
  auto path = (std::filesystem::temp_directory_path() / "larmor-XXXXXX").string();
  FileHandle file(::mkostemp(path.data(), O_CLOEXEC));
  if (!file) return fail_with(file_error("create", path, errno));
  ::unlink(path.c_str());
  return file;
}

}  // namespace

Result<Spool::Slice> Spool::keep(ByteSource& source) {
  if (!file_) file_ = TRY(nameless_file());
  Slice slice{used_, 0};
  std::vector<std::byte> piece(kPiece);
  while (const auto got = TRY(source.read(piece))) {
    if (slice.first + slice.size + got > bound_)
      return fail_with({Code::too_large, fmt::format("more than {} bytes wait for the rest of their objects", bound_),
                        "Send the bulk data of one object after another's, or raise import.largest_uploaded_file."});
    CHECK_OK(write_at(file_, Bytes(piece).first(got), slice.first + slice.size));
    slice.size += got;
  }
  used_ += slice.size;
  return slice;
}

Result<std::size_t> Spool::read(const Slice& slice, std::uint64_t offset, MutableBytes into) const {
  const auto left = slice.size - std::min(slice.size, offset);
  return read_at(file_, into.first(std::min<std::uint64_t>(into.size(), left)), slice.first + offset);
}

Result<std::vector<std::byte>> Spool::front(const Slice& slice) const {
  std::vector<std::byte> bytes(std::min<std::uint64_t>(slice.size, kFront));
  bytes.resize(TRY(read(slice, 0, bytes)));
  return bytes;
}

}  // namespace larmor::importing

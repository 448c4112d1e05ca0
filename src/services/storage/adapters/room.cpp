#include "services/storage/adapters/room.h"

#include <sys/statvfs.h>

#include <cerrno>

#include "base/file.h"

namespace larmor::storage {
namespace {

constexpr std::uint64_t kUsualKeptFree = std::uint64_t{2} << 30;

std::uint64_t usual_kept_free(const std::filesystem::path& directory) {
  struct statvfs status {};
  if (::statvfs(directory.c_str(), &status) != 0) return kUsualKeptFree;
  return std::min<std::uint64_t>(kUsualKeptFree, status.f_blocks * status.f_frsize / 20);
}

}  // namespace

Room::Room(std::filesystem::path directory, std::optional<std::uint64_t> kept_free)
    : directory_(std::move(directory)), kept_free_(kept_free ? *kept_free : usual_kept_free(directory_)) {}

Result<std::uint64_t> Room::free() const {
  struct statvfs status {};
  if (::statvfs(directory_.c_str(), &status) != 0)
    return fail_with(file_error("ask for the room left in", directory_, errno));
  return static_cast<std::uint64_t>(status.f_bavail) * status.f_frsize;
}

Result<void> Room::check(std::uint64_t bytes, std::uint64_t allocated) const {
  const auto left = TRY(free());
  if (left + allocated >= kept_free_ + bytes) return {};
  return fail_with(
      {Code::out_of_space,
       fmt::format("no room for {} bytes in {}: {} MiB are free there, {} MiB are kept free", bytes,
                   directory_.string(), left >> 20, kept_free_ >> 20),
       "Make room or add disk space; nothing that was acknowledged is lost, and storing works again at once.",
       "storage.kept_free"});
}

}  // namespace larmor::storage

#include "services/storage/make.h"

#include <fcntl.h>
#include <sys/file.h>

#include "services/storage/adapters/local_storage.h"
#include "services/storage/settings.h"

namespace larmor::storage {

Options options(const Settings& settings, std::filesystem::path directory) {
  Options options{.directory = std::move(directory), .pack_bytes = settings.bytes(kPackSize)};
  if (settings.given(kKeptFree)) options.kept_free = settings.bytes(kKeptFree);
  return options;
}

Result<std::unique_ptr<Storage>> make(const Options& options, events::EventLog& events, const Clock& clock) {
  return TRY(LocalStorage::open(options, events, clock));
}

Result<FileHandle> lock_directory(const std::filesystem::path& directory) {
  auto lock = TRY(open_file(directory / "lock", O_RDWR | O_CREAT));
  if (::flock(lock.get(), LOCK_EX | LOCK_NB) == 0) return lock;
  return fail_with({Code::conflict, fmt::format("another process uses the storage in {}", directory.string()),
                    "Stop it first, or choose another directory.", ""});
}

}  // namespace larmor::storage

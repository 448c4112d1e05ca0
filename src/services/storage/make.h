#pragma once
/// The storage of this machine: DIRECTORY/packs and DIRECTORY/index.db.
#include <filesystem>
#include <memory>
#include <optional>

#include "base/file.h"
#include "base/setting.h"
#include "services/events/events.h"
#include "services/storage/storage.h"

namespace larmor::storage {

struct Options {
  std::filesystem::path directory;
  std::optional<std::uint64_t> kept_free;  ///< default: 2 GiB, or 5 % of the file system where that is less
  std::uint64_t pack_bytes = std::uint64_t{256} << 20;
};

Options options(const Settings&, std::filesystem::path directory);

/// Recovers what a crash left behind before it returns. One process at a time may use the directory (`conflict`
/// otherwise). The event log and the clock must outlive the storage.
Result<std::unique_ptr<Storage>> make(const Options&, events::EventLog&, const Clock&);

/// Held as long as a process writes there; `conflict` when another one does.
Result<FileHandle> lock_directory(const std::filesystem::path&);

}  // namespace larmor::storage

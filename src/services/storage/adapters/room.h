#pragma once
/// Stops taking objects before the disk is really full, so that the index and the event log always have room to finish.
///
/// Threads: may be called from any thread.
#include <filesystem>
#include <optional>

#include "base/result.h"

namespace larmor::storage {

class Room {
 public:
  /// Without `kept_free`: 2 GiB, or 5 % of the file system where that is less.
  Room(std::filesystem::path directory, std::optional<std::uint64_t> kept_free);

  std::uint64_t kept_free() const { return kept_free_; }
  /// Bytes that this process may still allocate on the file system.
  Result<std::uint64_t> free() const;
  /// `out_of_space` unless `bytes` more leave kept_free; `allocated` of them have their place already.
  Result<void> check(std::uint64_t bytes, std::uint64_t allocated) const;

 private:
  std::filesystem::path directory_;
  std::uint64_t kept_free_;
};

}  // namespace larmor::storage

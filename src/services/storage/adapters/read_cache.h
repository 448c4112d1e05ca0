#pragma once
/// What whoever reads a series asks again and again: where the objects lie that were asked for last, and their packs,
/// open. It is never wrong, for neither an object nor a pack ever moves.
///
/// Threads: any. Bounds: 1024 places, 64 packs; when one is full, it begins anew.
#include <filesystem>
#include <memory>
#include <mutex>
#include <unordered_map>

#include "base/file.h"
#include "services/storage/adapters/index.h"

namespace larmor::storage {

class ReadCache {
 public:
  explicit ReadCache(std::filesystem::path packs) : packs_(std::move(packs)) {}

  std::shared_ptr<const Located> find(const SopUid&) const;
  void keep(const std::shared_ptr<const Located>&);
  /// Open for reading.
  Result<std::shared_ptr<const FileHandle>> pack(std::int64_t);

 private:
  const std::filesystem::path packs_;
  mutable std::mutex mutex_;
  std::unordered_map<std::string, std::shared_ptr<const Located>> places_;
  std::unordered_map<std::int64_t, std::shared_ptr<const FileHandle>> open_;
};

}  // namespace larmor::storage

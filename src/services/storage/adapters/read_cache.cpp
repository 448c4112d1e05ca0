#include "services/storage/adapters/read_cache.h"

#include <fcntl.h>

#include "services/storage/adapters/packs.h"

namespace larmor::storage {
namespace {

constexpr std::size_t kMostPlaces = 1024, kMostPacks = 64;

}  // namespace

std::shared_ptr<const Located> ReadCache::find(const SopUid& uid) const {
  const std::lock_guard lock(mutex_);
  const auto found = places_.find(uid.str());
  return found == places_.end() ? nullptr : found->second;
}

void ReadCache::keep(const std::shared_ptr<const Located>& located) {
  const std::lock_guard lock(mutex_);
  if (places_.size() >= kMostPlaces) places_.clear();
  places_[located->row.instance.str()] = located;
}

Result<std::shared_ptr<const FileHandle>> ReadCache::pack(std::int64_t id) {
  const std::lock_guard lock(mutex_);
  if (const auto found = open_.find(id); found != open_.end()) return found->second;
  const auto file = std::make_shared<const FileHandle>(TRY(open_file(pack_path(packs_, id), O_RDONLY)));
  if (open_.size() >= kMostPacks) open_.clear();
  open_[id] = file;
  return file;
}

}  // namespace larmor::storage

#include "backends/sqlite/readers.h"

namespace larmor::sqlite {

Result<Readers::Lease> Readers::lease() {
  {
    std::unique_lock lock(mutex_);
    returned_.wait(lock, [&] { return !idle_.empty() || made_ < most_; });
    if (!idle_.empty()) {
      Lease lease(*this, std::move(idle_.back()));
      idle_.pop_back();
      return lease;
    }
    ++made_;
  }
  auto database = Database::open(file_, Durability::normal);
  // The database's own cache is small: the kernel caches the file's pages already, once for all connections.
  if (database)
    if (auto ready = database->execute("PRAGMA query_only=ON; PRAGMA cache_size=-512"); !ready)
      database = Failure(std::move(ready).error());
  if (!database) {
    const std::lock_guard lock(mutex_);
    --made_;
    returned_.notify_one();
    return Failure(std::move(database).error());
  }
  return Lease(*this, std::move(*database));
}

Readers::Lease::~Lease() {
  if (!home_) return;
  const std::lock_guard lock(home_->mutex_);
  home_->idle_.push_back(std::move(database_));
  home_->returned_.notify_one();
}

}  // namespace larmor::sqlite

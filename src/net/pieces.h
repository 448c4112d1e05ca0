#pragma once
#include <memory>
#include <mutex>
#include <vector>

namespace larmor::net {

/// Memory for the pieces of streams, used again instead of being fetched and cleared for each answer. Thread safe.
class Pieces {
 public:
  static constexpr std::size_t kSize = 256u << 10;
  using Piece = std::unique_ptr<std::byte[]>;

  Piece take() {
    const std::lock_guard lock(mutex_);
    if (kept_.empty()) return std::make_unique_for_overwrite<std::byte[]>(kSize);
    auto piece = std::move(kept_.back());
    kept_.pop_back();
    return piece;
  }
  void give_back(Piece piece) {
    const std::lock_guard lock(mutex_);
    if (kept_.size() < kMost) kept_.push_back(std::move(piece));
  }

 private:
  static constexpr std::size_t kMost = 8;  ///< kept; more are used while more streams run
  std::mutex mutex_;
  std::vector<Piece> kept_;
};

}  // namespace larmor::net

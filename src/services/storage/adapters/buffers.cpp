#include "services/storage/adapters/buffers.h"

#include <new>

namespace larmor::storage {
namespace {

constexpr std::size_t kFirst = std::size_t{256} << 10, kLargestKept = std::size_t{1} << 20, kMostKept = 32;

}  // namespace

MutableBytes Buffer::space(std::size_t most) {
  if (size_ == capacity_ && size_ < most) {
    const auto larger = std::min(most, std::max(kFirst, capacity_ * 2));
    auto* grown =
        static_cast<std::byte*>(std::realloc(memory_.get(), larger));  // moves pages, not bytes, when it is large
    if (!grown) throw std::bad_alloc();
    (void)memory_.release();
    memory_.reset(grown);
    capacity_ = larger;
  }
  return {memory_.get() + size_, std::min(capacity_, most) - size_};
}

Buffers::Loan Buffers::borrow() {
  const std::lock_guard lock(mutex_);
  Buffer buffer;
  if (!idle_.empty()) {
    buffer = std::move(idle_.back());
    idle_.pop_back();
  }
  return Loan(*this, std::move(buffer));
}

void Buffers::give_back(Buffer buffer) {
  if (buffer.capacity() == 0 || buffer.capacity() > kLargestKept) return;
  buffer.clear();
  const std::lock_guard lock(mutex_);
  if (idle_.size() < kMostKept) idle_.push_back(std::move(buffer));
}

void Buffers::shrink() {
  const std::lock_guard lock(mutex_);
  idle_.clear();
}

}  // namespace larmor::storage

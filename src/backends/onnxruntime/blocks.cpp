#include "backends/onnxruntime/blocks.h"

#include <sys/mman.h>

#include <cstdlib>

namespace larmor::onnxruntime {
namespace {

constexpr std::size_t kLarge = std::size_t{1} << 20;
constexpr std::size_t kAlign = 64;

std::size_t round_up(std::size_t n, std::size_t to) {
  return (n + to - 1) / to * to;
}

}  // namespace

Blocks::~Blocks() {
  trim(0);
  for (const auto& [start, bytes] : taken_) ::munmap(start, bytes);
}

void* Blocks::take(std::size_t bytes) {
  if (bytes < kLarge) return std::aligned_alloc(kAlign, round_up(std::max(bytes, kAlign), kAlign));
  if (bytes > (std::size_t{1} << 46)) return nullptr;
  const std::size_t wanted = round_up(bytes, kLarge);
  const std::lock_guard lock(guard_);
  if (void* old = reuse(wanted)) return old;
  taken_bytes_ += wanted;
  trim(bound_);
  void* start = ::mmap(nullptr, wanted, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (start == MAP_FAILED) {
    trim(0);  // what lies idle may be what is missing
    start = ::mmap(nullptr, wanted, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (start == MAP_FAILED) {
      taken_bytes_ -= wanted;
      return nullptr;
    }
  }
  taken_.emplace(start, wanted);
  return start;
}

void Blocks::give(void* start) {
  if (!start) return;
  const std::lock_guard lock(guard_);
  const auto it = taken_.find(start);
  if (it == taken_.end()) return std::free(start);
  idle_.push_back({start, it->second});
  idle_bytes_ += it->second;
  taken_bytes_ -= it->second;
  taken_.erase(it);
  trim(bound_);
}

/// The idle block that wastes least, unless it wastes more than a quarter.
void* Blocks::reuse(std::size_t bytes) {
  auto best = idle_.end();
  for (auto it = idle_.begin(); it != idle_.end(); ++it)
    if (it->bytes >= bytes && it->bytes <= bytes + bytes / 4 && (best == idle_.end() || it->bytes < best->bytes))
      best = it;
  if (best == idle_.end()) return nullptr;
  void* start = best->start;
  taken_.emplace(start, best->bytes);
  taken_bytes_ += best->bytes;
  idle_bytes_ -= best->bytes;
  ++reused_;
  idle_.erase(best);
  return start;
}

void Blocks::trim(std::size_t bound) {
  while (!idle_.empty() && taken_bytes_ + idle_bytes_ > bound) {
    ::munmap(idle_.front().start, idle_.front().bytes);
    idle_bytes_ -= idle_.front().bytes;
    idle_.pop_front();
  }
}

std::size_t Blocks::idle_bytes() const {
  const std::lock_guard lock(guard_);
  return idle_bytes_;
}

std::size_t Blocks::reused() const {
  const std::lock_guard lock(guard_);
  return reused_;
}

}  // namespace larmor::onnxruntime

#pragma once
/// Memory for objects on their way to the disk: grown as needed, used again, and given back when nothing arrives.
///
/// Threads: Buffers may be used from any thread; a Buffer belongs to one.
/// Bounds: at most 32 buffers of at most 1 MiB are kept; larger ones are freed after use.
#include <cstdlib>
#include <memory>
#include <mutex>
#include <vector>

#include "base/bytes.h"

namespace larmor::storage {

class Buffer {
 public:
  Bytes bytes() const { return {memory_.get(), size_}; }
  std::size_t capacity() const { return capacity_; }
  /// Room behind the content, at least one byte as long as the content is shorter than `most`.
  MutableBytes space(std::size_t most);
  void add(std::size_t bytes) { size_ += bytes; }
  void clear() { size_ = 0; }

 private:
  struct Free {
    void operator()(std::byte* memory) const { std::free(memory); }
  };
  std::unique_ptr<std::byte, Free> memory_;
  std::size_t size_ = 0, capacity_ = 0;
};

class Buffers {
 public:
  /// A buffer that returns here at the end of its scope.
  class Loan {
   public:
    explicit Loan(Buffers& home, Buffer buffer) : home_(home), buffer_(std::move(buffer)) {}
    Loan(const Loan&) = delete;
    ~Loan() { home_.give_back(std::move(buffer_)); }
    Buffer* operator->() { return &buffer_; }
    Buffer& operator*() { return buffer_; }

   private:
    Buffers& home_;
    Buffer buffer_;
  };

  Loan borrow();
  /// Frees what lies idle.
  void shrink();

 private:
  void give_back(Buffer);
  std::mutex mutex_;
  std::vector<Buffer> idle_;
};

}  // namespace larmor::storage

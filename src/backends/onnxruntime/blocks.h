#pragma once
/// Memory for a network's tensors: large blocks that are handed back stay mapped for the next taker of about that size.
///
/// A network asks for the same few sizes over and over, each a hundred megabytes. Fresh pages from the system cost a
/// fault and a wipe every time: without this, 1.5 to 2.0 of 9.5 processor seconds of a head went there, with it 0.3 to
/// 0.5 (huge pages made it worse, 2.0 to 2.3). The runtime's own arena keeps everything for ever and rounds up to
/// powers of two.
/// Owns: whatever was taken and not given back, and the idle blocks, which go back to the system as soon as all
/// together are more than `bound` bytes. Any thread. Failures: take() gives null where the system has no memory left.
#include <cstddef>
#include <list>
#include <map>
#include <mutex>

namespace larmor::onnxruntime {

class Blocks {
 public:
  explicit Blocks(std::size_t bound) : bound_(bound) {}
  ~Blocks();
  Blocks(const Blocks&) = delete;
  Blocks& operator=(const Blocks&) = delete;

  /// At least `bytes`, aligned to 64.
  void* take(std::size_t bytes);
  /// Null is allowed.
  void give(void*);

  std::size_t idle_bytes() const;
  /// How often a block was used again.
  std::size_t reused() const;

 private:
  struct Block {
    void* start;
    std::size_t bytes;
  };
  void* reuse(std::size_t bytes);
  void trim(std::size_t bound);  ///< until taken and idle are no more than that, or nothing is idle

  const std::size_t bound_;
  mutable std::mutex guard_;
  std::map<void*, std::size_t> taken_;  ///< large blocks only
  std::list<Block> idle_;               ///< the longest unused first
  std::size_t idle_bytes_ = 0, taken_bytes_ = 0, reused_ = 0;
};

}  // namespace larmor::onnxruntime

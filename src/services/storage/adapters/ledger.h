#pragma once
/// What has been taken but is not in the index yet: who claims which object, in which order they were written, and who
/// waits.
///
/// Threads: every method may be called from any thread; next_batch() and done() belong to the indexer.
/// Bounds: at most `most` arrivals wait for the indexer; put() waits outside for room.
#include <condition_variable>
#include <deque>
#include <mutex>
#include <unordered_map>

#include "base/call.h"
#include "services/storage/core/arrival.h"

namespace larmor::storage {

class Ledger {
 public:
  explicit Ledger(std::size_t most) : most_(most) {}

  /// Waits for room; `unavailable` when there is none before the deadline.
  Result<void> wait_for_room(const Call&);
  /// Makes `mine` the one under that key and returns nothing, or returns who is there already.
  ArrivalPtr claim(const std::string& key, const ArrivalPtr& mine);
  /// Waits until it is durable (true) or has failed (false).
  Result<bool> wait_until_settled(const ArrivalPtr&, const Call&);
  /// Gives a claim up before anything was written.
  void release(const std::string& key);
  /// Takes its turn for the index; within a pack to be called in the order of offsets.
  void written(const ArrivalPtr&);
  /// Once per written arrival. One that failed gives its claim up.
  void settle(const ArrivalPtr&, const std::string& key, bool durable);

  /// The durable one under that key, if it is not in the index yet.
  ArrivalPtr find(const std::string& key);
  /// Returns when all that was written before the call is in the index.
  Result<void> flush(const Call&);

  /// Up to `most` settled arrivals, the oldest first: as soon as `gather` has passed since the last batch, or readers
  /// wait, or many arrived. Empty after `idle` without any, or when stopped with nothing left to do.
  std::vector<ArrivalPtr> next_batch(std::size_t most, Duration gather, Duration idle);
  void done(const std::vector<ArrivalPtr>&);
  void stop();
  bool stopped();

 private:
  std::mutex mutex_;
  std::condition_variable room_, settled_, work_, flushed_;
  const std::size_t most_;
  std::unordered_map<std::string, ArrivalPtr> claims_;
  std::deque<ArrivalPtr> queue_;
  std::uint64_t written_ = 0, done_ = 0;  ///< arrivals ever; equal when the index is up to date
  int flushing_ = 0;
  bool indexer_sleeps_ = false;  ///< waits for the first arrival of a batch: wake it at once
  std::size_t batch_full_ = 0;
  bool stopped_ = false;
  std::chrono::steady_clock::time_point last_batch_{};
};

/// The claim of an object: its UID, and for a conflicting one its digest too.
std::string claim_key(const InstanceRow&, Kept);

}  // namespace larmor::storage

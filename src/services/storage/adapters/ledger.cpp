#include "services/storage/adapters/ledger.h"

namespace larmor::storage {

std::string claim_key(const InstanceRow& row, Kept kept) {
  return kept == Kept::conflict ? row.instance.str() + "#" + row.digest : row.instance.str();
}

Result<void> Ledger::wait_for_room(const Call& call) {
  std::unique_lock lock(mutex_);
  if (room_.wait_until(lock, call.deadline, [&] { return queue_.size() < most_ || stopped_; }) && !stopped_) return {};
  return fail_with(
      {Code::unavailable,
       stopped_ ? "storage is shutting down"
                : fmt::format("storage is busy: {} objects wait to be indexed and told to the event log", most_),
       "Send it again later; if this lasts, the event log or the disk under the index is stuck.", ""});
}

ArrivalPtr Ledger::claim(const std::string& key, const ArrivalPtr& mine) {
  const std::lock_guard lock(mutex_);
  const auto [there, new_here] = claims_.try_emplace(key, mine);
  return new_here ? nullptr : there->second;
}

Result<bool> Ledger::wait_until_settled(const ArrivalPtr& other, const Call& call) {
  std::unique_lock lock(mutex_);
  if (!settled_.wait_until(lock, call.deadline, [&] { return other->state != Arrival::State::writing; }))
    return fail(Code::timed_out, "another sender of object {} had not finished before the deadline",
                other->what.instance.instance);
  return other->state == Arrival::State::durable;
}

void Ledger::release(const std::string& key) {
  const std::lock_guard lock(mutex_);
  if (const auto there = claims_.find(key); there != claims_.end()) {
    there->second->state = Arrival::State::failed;
    claims_.erase(there);
  }
  settled_.notify_all();
}

void Ledger::written(const ArrivalPtr& arrival) {
  const std::lock_guard lock(mutex_);
  queue_.push_back(arrival);
  ++written_;
}

void Ledger::settle(const ArrivalPtr& arrival, const std::string& key, bool durable) {
  const std::lock_guard lock(mutex_);
  arrival->state = durable ? Arrival::State::durable : Arrival::State::failed;
  if (!durable) claims_.erase(key);
  settled_.notify_all();
  if (indexer_sleeps_ || queue_.size() >= batch_full_) work_.notify_one();
}

ArrivalPtr Ledger::find(const std::string& key) {
  const std::lock_guard lock(mutex_);
  const auto there = claims_.find(key);
  return there != claims_.end() && there->second->state == Arrival::State::durable ? there->second : nullptr;
}

Result<void> Ledger::flush(const Call& call) {
  std::unique_lock lock(mutex_);
  const auto target = written_;
  if (done_ >= target) return {};
  ++flushing_;
  work_.notify_one();
  const bool reached = flushed_.wait_until(lock, call.deadline, [&] { return done_ >= target; });
  --flushing_;
  if (reached) return {};
  return fail(Code::timed_out, "the index is {} objects behind and did not catch up before the deadline",
              target - done_);
}

std::vector<ArrivalPtr> Ledger::next_batch(std::size_t most, Duration gather, Duration idle) {
  std::unique_lock lock(mutex_);
  const auto ready = [&] { return !queue_.empty() && queue_.front()->state != Arrival::State::writing; };
  batch_full_ = most;
  indexer_sleeps_ = true;
  work_.wait_for(lock, idle, [&] { return ready() || (stopped_ && queue_.empty()); });
  indexer_sleeps_ = false;
  if (!ready()) return {};
  work_.wait_until(lock, last_batch_ + gather, [&] { return stopped_ || flushing_ > 0 || queue_.size() >= most; });
  std::vector<ArrivalPtr> batch;
  while (ready() && batch.size() < most) {
    batch.push_back(std::move(queue_.front()));
    queue_.pop_front();
  }
  room_.notify_all();
  return batch;
}

void Ledger::done(const std::vector<ArrivalPtr>& batch) {
  const std::lock_guard lock(mutex_);
  for (const auto& arrival : batch)
    if (const auto there = claims_.find(claim_key(arrival->what.instance, arrival->kept));
        there != claims_.end() && there->second == arrival)
      claims_.erase(there);
  done_ += batch.size();
  last_batch_ = std::chrono::steady_clock::now();
  flushed_.notify_all();
}

void Ledger::stop() {
  const std::lock_guard lock(mutex_);
  stopped_ = true;
  work_.notify_all();
  room_.notify_all();
}

bool Ledger::stopped() {
  const std::lock_guard lock(mutex_);
  return stopped_;
}

}  // namespace larmor::storage

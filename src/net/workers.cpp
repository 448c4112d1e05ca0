#include "net/workers.h"

#include <algorithm>

#include "base/prompt.h"

namespace larmor::net {

Workers::Workers(int places, int backlog, int drivers)
    : seats_(static_cast<std::size_t>(std::max(1, places) + drivers)),
      places_(std::max(1, places)),
      patient_places_(std::max(1, places * 3 / 4)),
      backlog_(static_cast<std::size_t>(std::max(1, backlog))) {
  for (auto& seat : seats_) threads_.emplace_back([this, &seat] { run(seat); });
}

bool Workers::offer(Task task, bool for_others) {
  std::unique_lock lock(mutex_);
  auto& queue = for_others ? patient_ : tasks_;
  if (stopping_ || queue.size() >= backlog_) return false;
  queue.push_back(std::move(task));
  call_one(std::move(lock));
  return true;
}

void Workers::go_on(Task task) {
  std::unique_lock lock(mutex_);
  tasks_.push_back(std::move(task));
  call_one(std::move(lock));
}

void Workers::drive(Task task) {
  std::unique_lock lock(mutex_);
  drives_.push_back(std::move(task));
  call_one(std::move(lock));
}

bool Workers::take_place() {
  const std::lock_guard lock(mutex_);
  if (places_ == 0 || !tasks_.empty() || patient_ready()) return false;
  --places_;
  return true;
}

void Workers::give_back_place() {
  std::unique_lock lock(mutex_);
  ++places_;
  call_one(std::move(lock));
}

/// Whoever is awake looks for more before it rests.
void Workers::call_one(std::unique_lock<std::mutex> lock) {
  if (resting_.empty() || !ready()) return;
  auto& seat = *resting_.back();
  resting_.pop_back();
  seat.called = true;
  lock.unlock();
  seat.wake.notify_one();
}

void Workers::run(Seat& seat) {
  be_prompt();
  std::unique_lock lock(mutex_);
  for (;;) {
    while (!ready()) {
      if (stopping_) return;
      seat.called = false;
      resting_.push_back(&seat);
      seat.wake.wait(lock, [&] { return seat.called; });
    }
    const bool drives = !drives_.empty(), waits = !drives && patient_ready();
    auto& queue = drives ? drives_ : waits ? patient_ : tasks_;
    auto task = std::move(queue.front());
    queue.pop_front();
    places_ -= !drives;
    patient_places_ -= waits;
    lock.unlock();
    task();
    task = nullptr;  // what it holds is given back without the lock
    lock.lock();
    places_ += !drives;
    patient_places_ += waits;
  }
}

void Workers::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    for (auto* seat : resting_) {
      seat->called = true;
      seat->wake.notify_one();
    }
    resting_.clear();
  }
  for (auto& thread : threads_)
    if (thread.joinable()) thread.join();
}

}  // namespace larmor::net

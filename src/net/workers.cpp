#include "net/workers.h"

#include <algorithm>

#include "base/prompt.h"

namespace larmor::net {

Workers::Workers(int threads, int backlog)
    : seats_(static_cast<std::size_t>(std::max(1, threads))), backlog_(static_cast<std::size_t>(std::max(1, backlog))) {
  for (auto& seat : seats_) threads_.emplace_back([this, &seat] { run(seat); });
}

bool Workers::offer(Task task) {
  std::unique_lock lock(mutex_);
  if (stopping_ || tasks_.size() >= backlog_) return false;
  add(std::move(lock), std::move(task));
  return true;
}

void Workers::go_on(Task task) {
  add(std::unique_lock(mutex_), std::move(task));
}

void Workers::add(std::unique_lock<std::mutex> lock, Task task) {
  tasks_.push_back(std::move(task));
  if (resting_.empty()) return;
  auto& seat = *resting_.back();
  resting_.pop_back();
  seat.called = true;
  lock.unlock();
  seat.wake.notify_one();
}

void Workers::run(Seat& seat) {
  be_prompt();
  for (;;) {
    std::unique_lock lock(mutex_);
    while (tasks_.empty()) {
      if (stopping_) return;
      seat.called = false;
      resting_.push_back(&seat);
      seat.wake.wait(lock, [&] { return seat.called; });
    }
    const auto task = std::move(tasks_.front());
    tasks_.pop_front();
    lock.unlock();
    task();
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

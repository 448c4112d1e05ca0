#include "services/processing/adapters/heartbeat.h"

#include "base/log.h"

namespace larmor::processing {

using Steady = std::chrono::steady_clock;

// A pipeline that names a new step with every line costs the queue no more than this.
constexpr auto kBetweenSteps = 200ms;

Heartbeat::Heartbeat(dispatch::Dispatch& dispatch, const dispatch::Lease& lease, const Clock& now,
                     std::stop_token stopping, Show show)
    : dispatch_(dispatch),
      lease_(lease),
      clock_(now),
      stopping_(std::move(stopping)),
      show_(std::move(show)),
      thread_([this](const std::stop_token& s) { beat(s); }) {}

Heartbeat::~Heartbeat() = default;

void Heartbeat::progress(dispatch::Progress progress) {
  const std::lock_guard lock(mutex_);
  step_is_new_ |= progress.step != progress_.step;
  progress_ = std::move(progress);
  show_(progress_);
  if (step_is_new_) news_.notify_all();
}

bool Heartbeat::lost() const {
  const std::lock_guard lock(mutex_);
  return lost_;
}

void Heartbeat::expect_the_end() {
  const std::lock_guard lock(mutex_);
  ending_ = true;
}

/// How long the lease lasts from now on; clocks of two machines differ a little, so it is held within reason.
Duration Heartbeat::lasts(const dispatch::Lease& lease) const {
  return std::clamp<Duration>(lease.expires - clock_.now(), 1s, 1h);
}

void Heartbeat::beat(const std::stop_token& stopping) {
  std::unique_lock lock(mutex_);
  auto lasts_for = lasts(lease_);
  auto ends = Steady::now() + lasts_for;
  auto patience = lasts_for / 3;
  for (;;) {
    news_.wait_for(lock, stopping, patience, [&] { return step_is_new_; });
    if (stopping.stop_requested()) return;
    step_is_new_ = false;
    const auto progress = progress_;
    lock.unlock();
    const auto asked = Steady::now();
    const auto renewed = dispatch_.renew(lease_, progress, Call::within(std::min<Duration>(lasts_for / 3, 10s)));
    lock.lock();
    if (renewed) {
      news_.wait_for(lock, stopping, kBetweenSteps, [] { return false; });
      lasts_for = lasts(*renewed);
      ends = asked + lasts_for;
      patience = lasts_for / 3;
      continue;
    }
    const auto code = renewed.error().code;
    if (code == Code::conflict || code == Code::not_found || Steady::now() >= ends) {
      if (ending_) return;
      lost_ = true;
      log::warn("processing", "job {} is no longer ours: {}", lease_.job, to_string(renewed.error()));
      return;
    }
    patience = std::min<Duration>(lasts_for / 10, 1s);
  }
}

}  // namespace larmor::processing

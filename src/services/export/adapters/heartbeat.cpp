#include "services/export/adapters/heartbeat.h"

namespace larmor::exporting {

Heartbeat::Heartbeat(dispatch::Dispatch& dispatch, dispatch::Lease lease, const Clock& clock)
    : dispatch_(dispatch),
      clock_(clock),
      lease_(std::move(lease)),
      thread_([this](const std::stop_token& s) { beat(s); }) {}

Heartbeat::~Heartbeat() {
  stop();
}

dispatch::Lease Heartbeat::stop() {
  if (thread_.joinable()) {
    thread_.request_stop();
    thread_.join();
  }
  return lease_;
}

void Heartbeat::beat(const std::stop_token& stopping) {
  while (!stopping.stop_requested() && !lost_) {
    const auto third = std::clamp<Duration>((lease_.expires - clock_.now()) / 3, 50ms, 60s);
    std::unique_lock lock(mutex_);
    woken_.wait_for(lock, stopping, third, [] { return false; });
    if (stopping.stop_requested()) return;
    auto renewed = dispatch_.renew(lease_, {fraction_, "sending"}, Call::within(5s));
    if (renewed) lease_ = std::move(*renewed);
    // Whoever is merely not reached may be reached in time; whoever says no has given the job away.
    else if (!row(renewed.error().code).retryable)
      lost_ = true;
  }
}

}  // namespace larmor::exporting

#pragma once
/// Keeps a lease alive while its holder is busy, and notices when it is lost.
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "services/dispatch/dispatch.h"

namespace larmor::exporting {

/// Renews from a thread of its own until it goes out of scope. Threads: done() and lost() from any.
class Heartbeat {
 public:
  Heartbeat(dispatch::Dispatch&, dispatch::Lease, const Clock&);
  ~Heartbeat();
  Heartbeat(const Heartbeat&) = delete;

  void done(double fraction) { fraction_ = fraction; }
  bool lost() const { return lost_; }
  /// The lease as it stands; after this it is not renewed any more.
  dispatch::Lease stop();

 private:
  void beat(const std::stop_token&);

  dispatch::Dispatch& dispatch_;
  const Clock& clock_;
  dispatch::Lease lease_;
  std::atomic<double> fraction_{0};
  std::atomic<bool> lost_{false};
  std::mutex mutex_;
  std::condition_variable_any woken_;
  std::jthread thread_;
};

}  // namespace larmor::exporting

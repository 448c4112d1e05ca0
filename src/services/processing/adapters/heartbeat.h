#pragma once
/// Keeps a lease alive from a thread of its own, so that no slow fetch and no busy child lets it expire, and knows when
/// it is lost.
///
/// Threads: any may call; the thread ends in the destructor. Time counts on the steady clock: a jump of the wall clock
/// takes no job away.
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "services/dispatch/dispatch.h"

namespace larmor::processing {

class Heartbeat {
 public:
  using Show = std::function<void(const dispatch::Progress&)>;
  /// `now`: the clock by which the lease's end was told.
  Heartbeat(dispatch::Dispatch&, const dispatch::Lease&, const Clock& now, std::stop_token stopping, Show);
  ~Heartbeat();
  void progress(dispatch::Progress);
  /// The job went to another worker, was cancelled, or nobody could be asked until the lease ran out.
  bool lost() const;
  /// The job is about to end: that it then is no longer ours is no news.
  void expect_the_end();
  /// False when the work should end: the lease is lost, or the program shuts down.
  bool go_on() const { return !stopping_.stop_requested() && !lost(); }

 private:
  void beat(const std::stop_token&);
  Duration lasts(const dispatch::Lease&) const;

  dispatch::Dispatch& dispatch_;
  dispatch::Lease lease_;
  const Clock& clock_;
  const std::stop_token stopping_;  ///< of the program, not of this thread: the lease is held until the run has ended
  const Show show_;
  mutable std::mutex mutex_;
  std::condition_variable_any news_;
  dispatch::Progress progress_;
  bool step_is_new_ = false, lost_ = false, ending_ = false;
  std::jthread thread_;
};

}  // namespace larmor::processing

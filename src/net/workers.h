#pragma once
/// A bounded pool of threads for work that blocks.
///
/// At most `places` pieces of work run at once, and of those that wait for somebody outside at most three quarters of
/// them: the slow hold up each other, and nobody else. `drivers` more threads are there for what must never wait for
/// them, the loops that read and write. Who has worked last is called first: in quiet times a few threads with warm
/// memory do all, and the memory that each keeps for itself is theirs alone. Thread safe. The destructor runs what was
/// accepted, then joins.
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "base/result.h"

namespace larmor::net {

class Workers {
 public:
  using Task = std::function<void()>;  ///< must not throw

  Workers(int places, int backlog, int drivers = 0);
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;
  ~Workers() { stop(); }

  /// False when `backlog` tasks of its kind wait already. `for_others`: the task will wait for somebody outside.
  bool offer(Task, bool for_others = false);
  /// The next step of a piece of work that was accepted before: never refused, bounded by the number of such pieces.
  void go_on(Task);
  /// Takes no place and finds a thread at once, as long as at most `drivers` such tasks run outside of a place.
  void drive(Task);
  /// A place for what the calling thread does itself; false when all are taken, or others wait for one.
  bool take_place();
  void give_back_place();
  /// Runs what was accepted, then joins. Later calls do nothing.
  void stop();

 private:
  /// Where a thread rests.
  struct Seat {
    std::condition_variable wake;
    bool called = false;
  };

  void run(Seat&);
  void call_one(std::unique_lock<std::mutex>);
  bool ready() const {
    return !drives_.empty() || ((places_ > 0 || stopping_) && (!tasks_.empty() || patient_ready()));
  }
  bool patient_ready() const { return !patient_.empty() && (patient_places_ > 0 || stopping_); }

  std::mutex mutex_;
  std::deque<Seat> seats_;
  std::vector<Seat*> resting_;  ///< who came last at the end
  std::deque<Task> tasks_, patient_, drives_;
  int places_, patient_places_;  ///< free ones; of all places, and of those for who waits for others
  std::size_t backlog_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

/// What workers run is other people's code: an exception of theirs ends their answer, not the server.
template <class F>
auto guarded(F&& f) -> decltype(f()) {
  try {
    return f();
  } catch (const std::exception& e) {
    return fail(Code::internal, "an exception of type {} ended the answer", typeid(e).name());
  }
}

}  // namespace larmor::net

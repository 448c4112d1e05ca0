#pragma once
/// Leaves a destination that is away alone for a while, so that its jobs wait instead of wearing their attempts out.
///
/// Pure: time is passed in. Closed, everything passes. After `failures` in a row it opens: nothing passes until a
/// greeting has been answered; greetings are due after `cool`, then twice as long each time, `most` at most.
#include "base/clock.h"

namespace larmor::exporting {

struct BreakerPolicy {
  int failures = 2;
  Duration cool = 15s, most = 120s;
};

class Breaker {
 public:
  explicit Breaker(const BreakerPolicy& policy) : policy_(policy) {}

  void succeeded();
  void failed(Time now);

  bool closed() const { return failures_ < policy_.failures; }
  /// Of an open one: when to greet the destination.
  Time greet_at() const { return greet_at_; }

 private:
  BreakerPolicy policy_;
  int failures_ = 0;
  Time greet_at_;
};

}  // namespace larmor::exporting

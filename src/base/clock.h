#pragma once
/// Time is passed in: decisions take a Time, and only assembly code holds a Clock.
#include <chrono>
#include <string>
#include <string_view>

#include "base/result.h"

namespace larmor {

using namespace std::chrono_literals;
using Duration = std::chrono::microseconds;
using Time = std::chrono::sys_time<Duration>;

class Clock {
 public:
  virtual ~Clock() = default;
  virtual Time now() const = 0;
};

/// The machine's own clock. Lives as long as the program.
const Clock& system_clock();

/// A clock that stands still until a test moves it.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(Time start = Time{}) : now_(start) {}
  Time now() const override { return now_; }
  void advance(Duration by) { now_ += by; }

 private:
  Time now_;
};

inline double seconds(Duration d) {
  return std::chrono::duration<double>(d).count();
}

/// RFC 3339 in UTC with microseconds: "2026-11-24T02:16:03.120000Z".
std::string to_rfc3339(Time);
Result<Time> from_rfc3339(std::string_view);

}  // namespace larmor

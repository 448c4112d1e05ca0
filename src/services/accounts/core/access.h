#pragma once
/// Which requests the log tells, and how often: a viewer that asks for a thousand frames opened one study, once.
///
/// Pure but for what Windows counts. Threads: one at a time.
#include <map>
#include <string>

#include "base/clock.h"
#include "base/id.h"

namespace larmor::accounts {

enum class Access {
  none,      ///< nothing of a patient in it: queues, rules, the log itself
  opened,    ///< of one study: images, header, results
  searched,  ///< lists that show patients
  operated,  ///< changed something, or tried
};

/// By the route's pattern; `safe` for GET and HEAD.
Access access_of(std::string_view pattern, bool safe);

/// Says once per window that something happened. Holds at most kMost keys; the one that was first said longest ago
/// makes room, and is said again if it goes on.
class Windows {
 public:
  static constexpr std::size_t kMost = 10'000;
  static constexpr Duration kLength = 5min;

  bool first(const std::string& key, Time now);
  /// It could not be told: the next one is the first again.
  void forget(const std::string& key) { said_.erase(key); }

 private:
  std::map<std::string, Time> said_;
};

}  // namespace larmor::accounts

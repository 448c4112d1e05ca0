#pragma once
/// How often a password may be tried: a few times at once, then ever more slowly. Pure but for what it counts.
///
/// Counted are the user at one address, the address, and the user. Whoever guesses one user's password waits longest;
/// whoever tries many users from one place waits too; a user under attack from many places can still get in, as her own
/// wait stays short. Bounded to 3 * kMost counters; the one that was silent longest makes room.
/// Threads: one at a time.
#include <map>
#include <string>

#include "base/clock.h"

namespace larmor::accounts {

struct AttemptRule {
  int free = 5;        ///< attempts before the first wait
  Duration first{1s};  ///< doubles with each further one
  Duration most{15min};
};

class Attempts {
 public:
  static constexpr std::size_t kMost = 10'000;

  /// Zero: go on, and it counts as a failure until succeeded() says otherwise, so that many at once are no way round.
  /// Otherwise how long to wait; waiting attempts do not count.
  Duration begin(const std::string& user, const std::string& address, Time now);
  /// Forgets the failures of this user at this address.
  void succeeded(const std::string& user, const std::string& address);

 private:
  struct Count {
    int failures = 0;
    Time last, until;
  };
  using Counts = std::map<std::string, Count>;

  static Duration left(const Counts&, const std::string& key, Time now);
  static void add(Counts&, const std::string& key, const AttemptRule&, Time now);

  Counts pairs_, addresses_, users_;
};

}  // namespace larmor::accounts

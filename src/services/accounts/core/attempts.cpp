#include "services/accounts/core/attempts.h"

#include <algorithm>

namespace larmor::accounts {
namespace {

constexpr AttemptRule kPair{.free = 5, .first = 2s, .most = 15min};
constexpr AttemptRule kAddress{.free = 30, .first = 1s, .most = 15min};
constexpr AttemptRule kUser{.free = 20, .first = 1s, .most = 30s};
constexpr auto kForgotten = 1h;  // after this long without an attempt

std::string pair_of(const std::string& user, const std::string& address) {
  return user + '\n' + address;
}

}  // namespace

Duration Attempts::left(const Counts& counts, const std::string& key, Time now) {
  const auto found = counts.find(key);
  return found == counts.end() ? Duration{} : std::max(Duration{}, found->second.until - now);
}

void Attempts::add(Counts& counts, const std::string& key, const AttemptRule& rule, Time now) {
  if (counts.size() >= kMost && !counts.contains(key))
    counts.erase(std::min_element(counts.begin(), counts.end(),
                                  [](const auto& a, const auto& b) { return a.second.last < b.second.last; }));
  auto& count = counts[key];
  if (now - count.last > kForgotten) count = {};
  count.last = now;
  if (++count.failures < rule.free) return;
  count.until = now + std::min(rule.most, rule.first * (1 << std::min(count.failures - rule.free, 20)));
}

Duration Attempts::begin(const std::string& user, const std::string& address, Time now) {
  const auto pair = pair_of(user, address);
  const auto wait = std::max({left(pairs_, pair, now), left(addresses_, address, now), left(users_, user, now)});
  if (wait > 0s) return wait;
  add(pairs_, pair, kPair, now);
  add(addresses_, address, kAddress, now);
  add(users_, user, kUser, now);
  return Duration{};
}

void Attempts::succeeded(const std::string& user, const std::string& address) {
  pairs_.erase(pair_of(user, address));
  // The address keeps its count: one known password shall not clear the way for guessing others.
  if (const auto found = addresses_.find(address); found != addresses_.end()) --found->second.failures;
  if (const auto found = users_.find(user); found != users_.end()) --found->second.failures;
}

}  // namespace larmor::accounts

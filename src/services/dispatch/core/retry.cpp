#include "services/dispatch/core/retry.h"

#include <algorithm>

namespace larmor::dispatch {

Duration ceiling(const RetryPolicy& policy, int attempt) {
  auto wait = std::min(policy.base, policy.cap);
  for (int doubled = 1; doubled < attempt && wait < policy.cap; ++doubled) wait = std::min(policy.cap, wait * 2);
  return wait;
}

Verdict after_failure(const RetryPolicy& policy, int attempt, const Error& error, bool worth_it, Random& random) {
  if (!worth_it || !row(error.code).retryable) return Dead{"another attempt would fail in the same way"};
  if (attempt >= policy.max_attempts) return Dead{fmt::format("tried {} times", attempt)};
  return RetryIn{random.between(Duration{0}, ceiling(policy, attempt))};
}

}  // namespace larmor::dispatch

#pragma once
/// After a failed attempt: another one, when, or none. Pure.
#include <string>
#include <variant>

#include "base/clock.h"
#include "base/error.h"
#include "base/random.h"

namespace larmor::dispatch {

struct RetryPolicy {
  int max_attempts = 20;
  Duration base = 5s;
  Duration cap = 900s;
};

struct RetryIn {
  Duration wait{0};
};

struct Dead {
  std::string why;
};

using Verdict = std::variant<RetryIn, Dead>;

/// `attempt` is the number of the one that failed, 1 for the first. Full jitter (Brooker 2015): uniform in
/// [0, min(cap, base * 2^(attempt-1))], so that jobs that failed together do not return together.
/// `worth_it` is the worker's own word on whether another attempt can end differently.
Verdict after_failure(const RetryPolicy&, int attempt, const Error&, bool worth_it, Random&);

/// The longest wait that may follow the attempt.
Duration ceiling(const RetryPolicy&, int attempt);

}  // namespace larmor::dispatch

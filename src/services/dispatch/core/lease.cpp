#include "services/dispatch/core/lease.h"

#include <algorithm>
#include <array>

namespace larmor::dispatch {
namespace {

struct Transition {
  Operation operation;
  State from, to;
};

constexpr std::array kTransitions = {
    Transition{Operation::cancel, State::waiting, State::cancelled},
    Transition{Operation::cancel, State::running, State::cancelled},
    Transition{Operation::cancel, State::dead, State::cancelled},
    Transition{Operation::revive, State::dead, State::waiting},
    Transition{Operation::revive, State::cancelled, State::waiting},
};

constexpr std::array<std::string_view, 2> kOperationNames = {"cancelled", "revived"};

}  // namespace

bool lost(const Held& held, Time now) {
  return held.state == State::running && held.expires <= now;
}

Result<void> owns(const Held& held, const Lease& lease) {
  if (held.state == State::running && !lease.token.empty() && held.token == lease.token) return {};
  return fail_with({Code::conflict,
                    fmt::format("this worker no longer holds job {}: it is {}{}", lease.job, name(held.state),
                                held.state == State::running ? " at another worker" : ""),
                    "Stop working on it and drop what was made.", "/token"});
}

bool already_finished(const Held& held, const Lease& lease) {
  return held.state != State::running && held.state != State::cancelled && !lease.token.empty() &&
         held.token == lease.token;
}

Result<State> after(Operation operation, State from, const JobId& job) {
  for (const auto& t : kTransitions)
    if (t.operation == operation && t.from == from) return t.to;
  return fail(Code::conflict, "job {} is {} and cannot be {}", job, name(from),
              kOperationNames[static_cast<std::size_t>(operation)]);
}

bool runs(const Worker& worker, std::string_view queue) {
  return std::ranges::any_of(worker.queues, [&](std::string_view pattern) {
    return pattern.ends_with('*') ? queue.starts_with(pattern.substr(0, pattern.size() - 1)) : queue == pattern;
  });
}

}  // namespace larmor::dispatch

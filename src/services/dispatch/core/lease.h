#pragma once
/// Who may run a job, and what may happen to it next. Pure.
#include "services/dispatch/dispatch.h"

namespace larmor::dispatch {

/// What the store knows about the last lease of a job.
struct Held {
  State state = State::waiting;
  LeaseToken token;  ///< of the last claim; empty when it was taken away
  Time expires;
};

/// The worker was not heard of in time: its job may go to another one.
bool lost(const Held&, Time now);

/// Does this lease still own the job? A worker that is late, but whose job nobody took meanwhile, still does.
Result<void> owns(const Held&, const Lease&);

/// Has this very lease already ended in an outcome? Then finish() was repeated because its answer was lost.
bool already_finished(const Held&, const Lease&);

enum class Operation { cancel, revive };
/// The state that an operator's action leads to; `conflict` says what the job is and why that does not fit.
Result<State> after(Operation, State, const JobId&);

/// "a trailing `*` stands for any ending".
bool runs(const Worker&, std::string_view queue);

}  // namespace larmor::dispatch

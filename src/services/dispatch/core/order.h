#pragma once
/// Which waiting job is next: the one of least rank. Pure.
#include "services/dispatch/dispatch.h"

namespace larmor::dispatch {

/// Each step of priority counts as having been queued `head_start` earlier. So urgent work goes first, a job is never
/// overtaken by one queued more than two head starts after it (nobody starves), and the order is fixed at once: it can
/// be an index.
Time rank(Priority, Time queued, Duration head_start);

}  // namespace larmor::dispatch

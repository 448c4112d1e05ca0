#include "services/dispatch/core/order.h"

namespace larmor::dispatch {

Time rank(Priority priority, Time queued, Duration head_start) {
  return queued - head_start * static_cast<std::int64_t>(priority);
}

}  // namespace larmor::dispatch

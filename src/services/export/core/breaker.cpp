#include "services/export/core/breaker.h"

#include <algorithm>

namespace larmor::exporting {

void Breaker::succeeded() {
  failures_ = 0;
}

void Breaker::failed(Time now) {
  if (failures_ < policy_.failures + 30) ++failures_;
  if (closed()) return;
  const auto pause = policy_.cool * (std::int64_t{1} << std::min(failures_ - policy_.failures, 20));
  greet_at_ = now + std::min(pause, policy_.most);
}

}  // namespace larmor::exporting

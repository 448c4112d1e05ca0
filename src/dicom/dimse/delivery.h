#pragma once
/// How a C-STORE of several objects went. A plain value, so that a decision about it needs no network.
#include <cstdint>
#include <vector>

#include "base/error.h"
#include "base/id.h"

namespace larmor::dimse {

struct Delivery {
  struct Refused {
    SopUid instance;
    Error why;  ///< the status of the answer, or why it could not be sent at all
  };
  std::int64_t sent = 0;
  std::int64_t converted = 0;  ///< of `sent`: the peer did not take the transfer syntax in which they are stored
  std::vector<Refused> refused;
};

}  // namespace larmor::dimse

#pragma once
/// How a C-STORE of several objects went. Plain values, so that a decision about them needs no network.
#include <cstdint>
#include <optional>
#include <vector>

#include "base/error.h"
#include "base/id.h"

namespace larmor::dimse {

/// One of them.
struct Stored {
  std::optional<Error> refused;  ///< the status of the answer, or why it could not be sent at all
  bool converted = false;        ///< the peer did not take the transfer syntax in which it is stored
};

struct Delivery {
  struct Refused {
    SopUid instance;
    Error why;
  };
  std::int64_t sent = 0;
  std::int64_t converted = 0;  ///< of `sent`
  std::vector<Refused> refused;

  std::size_t done() const { return static_cast<std::size_t>(sent) + refused.size(); }
  void add(const SopUid& instance, const Stored& stored) {
    if (stored.refused) {
      refused.push_back({instance, *stored.refused});
    } else {
      ++sent;
      converted += stored.converted;
    }
  }
};

}  // namespace larmor::dimse

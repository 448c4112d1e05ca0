#pragma once
/// The cursors that lists hand out as `next` and take back as `after`: numbers with hyphens between, or a number and a
/// UID.
#include <string>

#include "base/result.h"

namespace larmor::storage {

inline Error not_a_cursor(const std::string& text) {
  return {Code::invalid, fmt::format("'{}' is no cursor of this list", text), "Take `next` of the page before.",
          "after"};
}

}  // namespace larmor::storage

#pragma once
/// Is it a brain, and how far can its volumes be trusted? Decisions on numbers alone, each with its reason.
#include <optional>

#include "services/processing/brain/findings.h"

namespace larmor::processing::brain {

/// Why this is no brain that can be measured, with the number and the range that it missed; nothing if it is one.
std::optional<std::string> refusal(const Evidence&);

/// What a reader of the volumes should know. `spacing` is the input's, in mm.
std::vector<Flag> flags(const Evidence&, const std::vector<Measured>&, const imaging::Point& spacing);

}  // namespace larmor::processing::brain

#pragma once
/// Is it a brain, and how far can its volumes be trusted? Decisions on numbers alone, each with its reason.
///
/// Where the limits come from: docs/decisions/2026-11-27-quality-flags.md.
#include <optional>

#include "services/processing/brain/findings.h"

namespace larmor::processing::brain {

/// Why this is no brain that can be measured, with the number and the range that it missed; nothing if it is one.
std::optional<std::string> refusal(const Evidence&, const Quality&);

/// What a reader of the volumes should know of the image. `spacing` is the input's, in mm.
std::vector<Flag> flags(const Evidence&, const Quality&, const std::vector<Measured>&, const imaging::Point& spacing);

/// What is unusual about the person, once `healthy` is known: a child, a volume far off its norm.
std::vector<Flag> flags_of_person(const Healthy&);

}  // namespace larmor::processing::brain

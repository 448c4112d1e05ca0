#pragma once
/// What happened, in one plain sentence for a person. Pure; every type of api/events.md has a row.
#include <string>

#include "services/events/events.h"

namespace larmor::events {

/// Unknown types and missing fields still give a sentence: the log may hold events of a newer version.
std::string in_words(const NewEvent&);

}  // namespace larmor::events

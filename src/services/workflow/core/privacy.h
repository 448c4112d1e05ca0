#pragma once
/// Which attributes identify a person, and so must never get into a reason, an event or a log. Pure.
#include <cstdint>
#include <string_view>

namespace larmor::workflow {

/// Stricter than the basic profile of PS3.15 (table E.1-1) for everything except the descriptions of study, series,
/// protocol and body part, by which rules work: names of persons, dates and times, identifiers, free text, and all of
/// the patient module but sex, age, size and weight.
bool withheld(std::uint32_t tag, std::string_view vr);

}  // namespace larmor::workflow

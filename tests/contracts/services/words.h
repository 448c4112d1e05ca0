#pragma once
/// Words for the bodies of a pact, in the JSON that pact's library reads ("integration JSON"): the example, and how far
/// a provider may differ from it. A value without a word must be the same.
#include "base/json.h"

namespace larmor::pact {

inline constexpr auto kStudy = "1.2.826.0.1.3680043.8.498.1";
inline constexpr auto kSeries = "1.2.826.0.1.3680043.8.498.2";
inline constexpr auto kInstance = "1.2.826.0.1.3680043.8.498.3";
inline constexpr auto kJob = "0192f3a1";

inline Json matching(const char* how, Json example) {
  return {{"pact:matcher:type", how}, {"value", std::move(example)}};
}
/// Of the same type; an object has at least these members.
inline Json like(Json example) {
  return matching("type", std::move(example));
}
inline Json integer(std::int64_t example) {
  return matching("integer", example);
}
/// A whole example without a point: the verifier's way through JavaScript would write 0.0 as 0.
inline Json number(Json example) {
  return matching("number", std::move(example));
}
inline Json pattern(const char* regex, std::string example) {
  auto word = matching("regex", std::move(example));
  word["regex"] = regex;
  return word;
}
inline Json uid(std::string example) {
  return pattern("^[0-9.]{1,64}$", std::move(example));
}
inline Json time() {
  return pattern("^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z$", "2026-11-24T09:12:00.120000Z");
}
/// One or more such.
inline Json each(Json example) {
  auto word = like(Json::array({std::move(example)}));
  word["min"] = 1;
  return word;
}
inline Json items(Json example) {
  return {{"items", each(std::move(example))}};
}
/// The example here; where the provider is verified, what its state says: "${study}".
inline Json given(const char* expression, std::string example) {
  auto word = matching("equality", std::move(example));
  word["pact:generator:type"] = "ProviderState";
  word["expression"] = expression;
  return word;
}

}  // namespace larmor::pact

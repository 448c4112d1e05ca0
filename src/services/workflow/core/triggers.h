#pragma once
/// The events that may set a rule off, and the fields they have (api/events.md). Pure.
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace larmor::workflow {

struct TriggerRow {
  std::string_view type;
  bool arrival;  ///< says that images came; only these may start an analysis, so that no rule feeds itself
  bool once;     ///< once per study and generation; the others may come several times
  std::span<const std::string_view> fields;
};

std::span<const TriggerRow> triggers();
const TriggerRow* find_trigger(std::string_view type);
std::vector<std::string> trigger_types();

}  // namespace larmor::workflow

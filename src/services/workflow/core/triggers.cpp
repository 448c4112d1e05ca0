#include "services/workflow/core/triggers.h"

#include <array>

namespace larmor::workflow {
namespace {

constexpr std::array<std::string_view, 6> kSeriesComplete = {"series", "instances", "clue",
                                                             "reason", "waited_s",  "generation"};
constexpr std::array<std::string_view, 6> kStudyComplete = {"generation", "series", "instances",
                                                            "clue",       "reason", "waited_s"};
constexpr std::array<std::string_view, 3> kStudyLate = {"generation", "series", "instances"};
constexpr std::array<std::string_view, 4> kResultsStored = {"job", "pipeline", "version", "generation"};
constexpr std::array<std::string_view, 4> kResultsRefused = {"job", "pipeline", "generation", "reason"};

constexpr std::array kTriggers = {
    TriggerRow{"study.complete", true, true, kStudyComplete},
    TriggerRow{"study.late", true, false, kStudyLate},
    TriggerRow{"series.complete", true, false, kSeriesComplete},
    TriggerRow{"results.stored", false, false, kResultsStored},
    TriggerRow{"results.refused", false, false, kResultsRefused},
};

}  // namespace

std::span<const TriggerRow> triggers() {
  return kTriggers;
}

const TriggerRow* find_trigger(std::string_view type) {
  for (const auto& row : kTriggers)
    if (row.type == type) return &row;
  return nullptr;
}

std::vector<std::string> trigger_types() {
  std::vector<std::string> types;
  for (const auto& row : kTriggers) types.emplace_back(row.type);
  return types;
}

}  // namespace larmor::workflow

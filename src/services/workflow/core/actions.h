#pragma once
/// What a rule can do: one row per action. An action is always one or more jobs in dispatch; nothing is done here.
/// Pure.
#include <span>

#include "base/json.h"
#include "services/events/events.h"
#include "services/workflow/core/rule.h"

namespace larmor::workflow {

/// The event that set the rule off, as far as its actions need it.
struct Occasion {
  std::string rule;
  StudyUid study;
  std::int64_t generation = 1;
  events::Seq trigger = 0;
  bool once = true;               ///< see TriggerRow
  std::vector<SopUid> instances;  ///< of the study as it came; filled where an action needs them
};

struct PlannedJob {
  dispatch::NewJob work;
  std::string key;  ///< the same for the same action on the same occasion, so that it is queued once
};

struct OptionRow {
  std::string_view name;
  std::vector<std::string> Action::*destinations = nullptr;  ///< whose names it lists; null: it is the priority
};

struct ActionRow {
  std::string_view name;  ///< the key in the rule: `analyse: brain`
  enum class Target { pipeline, destination } target;
  std::span<const OptionRow> options;
  bool arrivals_only;  ///< allowed for triggers that say images came
  bool needs_instances;
  std::vector<PlannedJob> (*jobs)(const Action&, const Occasion&);
};

std::span<const ActionRow> actions();
const ActionRow* find_action(std::string_view name);
/// The jobs of all of a rule's actions, in order, with their keys.
std::vector<PlannedJob> plan(const Rule&, const Occasion&);
Json to_json(const Action&);

}  // namespace larmor::workflow

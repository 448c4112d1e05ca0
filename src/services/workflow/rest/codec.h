#pragma once
/// Workflow's values as JSON, for both ends of the wire.
#include "base/json.h"
#include "services/workflow/workflow.h"

namespace larmor::workflow {

Json to_json(const RuleView&);
Json to_json(const Decision&);
Result<RuleView> rule_from_json(const Json&);
Result<Decision> decision_from_json(const Json&);

}  // namespace larmor::workflow

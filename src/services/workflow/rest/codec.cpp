#include "services/workflow/rest/codec.h"

namespace larmor::workflow {

Json to_json(const RuleView& r) {
  return {{"name", r.name}, {"trigger", r.trigger}, {"text", r.text},
          {"line", r.line}, {"matched", r.matched}, {"skipped", r.skipped}};
}

Result<RuleView> rule_from_json(const Json& json) {
  return RuleView{TRY(member<std::string>(json, "name")),     TRY(member<std::string>(json, "trigger")),
                  TRY(member<std::string>(json, "text")),     TRY(member<int>(json, "line")),
                  TRY(member<std::int64_t>(json, "matched")), TRY(member<std::int64_t>(json, "skipped"))};
}

Json to_json(const Decision& d) {
  return {{"rule", d.rule}, {"matched", d.matched}, {"reason", d.reason}, {"actions", d.actions}};
}

Result<Decision> decision_from_json(const Json& json) {
  return Decision{TRY(member<std::string>(json, "rule")), TRY(member<bool>(json, "matched")),
                  TRY(member<std::string>(json, "reason")), TRY(member<Json>(json, "actions"))};
}

}  // namespace larmor::workflow

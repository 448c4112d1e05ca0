#pragma once
/// Workflow decides what is done about an event: rules of trigger, conditions and actions, each decision explained.
///
/// Owns: the rules in force and its place in the event log. Never: runs anything itself; actions are jobs in dispatch.
/// Threads: every method may be called from any thread.
/// Failures: `invalid` (a rule, with line and nearest known name), `unavailable` (retryable).
/// Events: rule.matched, rule.skipped, each with its reason in words.
#include <string>
#include <vector>

#include "base/call.h"
#include "base/id.h"
#include "base/json.h"

namespace larmor::workflow {

struct RuleView {
  std::string name;
  std::string trigger;                    ///< event type
  std::string text;                       ///< the rule as YAML
  int line = 0;                           ///< in its file
  std::int64_t matched = 0, skipped = 0;  ///< since the log began
};

struct Decision {
  std::string rule;
  bool matched = false;
  std::string reason;  ///< "Modality is MR and BodyPartExamined is HEAD (series 2)"; for a miss, the first condition
                       ///< that failed
  Json actions = Json::array();
};

class Workflow {
 public:
  virtual ~Workflow() = default;
  virtual Result<std::vector<RuleView>> rules(const Call&) = 0;
  /// What the rules in force say about the study as it is now; nothing is done.
  virtual Result<std::vector<Decision>> dry_run(const StudyUid&, const Call&) = 0;
};

}  // namespace larmor::workflow

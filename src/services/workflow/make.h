#pragma once
/// Assembly of workflow: the rules of a file and the thread that follows the event log.
#include <filesystem>
#include <memory>

#include "base/setting.h"
#include "services/dispatch/dispatch.h"
#include "services/events/events.h"
#include "services/storage/storage.h"
#include "services/workflow/workflow.h"

namespace larmor::workflow {

/// Names that rules may use, as the settings have them: for load_rules() in `larmor check`.
struct Known;
Known known_names(const Settings&);

/// The peers must outlive it. An empty path: no rules. Fails with FILE:LINE where a rule is wrong.
Result<std::unique_ptr<Workflow>> make(const std::filesystem::path& rules, const Settings&, events::EventLog&,
                                       storage::Storage&, dispatch::Dispatch&);

/// Everything that is wrong with the rules of a file, for `larmor check`; nothing when it is right.
std::vector<Error> check_rules(const std::filesystem::path& rules, const Settings&);

}  // namespace larmor::workflow

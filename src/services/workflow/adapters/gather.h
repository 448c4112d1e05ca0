#pragma once
/// What rules need to know about a study, read from storage and the event log.
#include <span>

#include "services/events/events.h"
#include "services/storage/storage.h"
#include "services/workflow/core/judge.h"

namespace larmor::workflow {

struct Sources {
  storage::Storage& storage;
  events::EventLog& log;
};

/// Only what the subjects name is read: most rules ask for what the index has, and open no object. Series that Larmor
/// made itself (way `result`) are left out.
Result<Facts> gather(const Sources&, const StudyUid&, std::span<const Subject>);
/// Every instance of those series.
Result<std::vector<SopUid>> instances_of(const Sources&, const StudyUid&);

}  // namespace larmor::workflow

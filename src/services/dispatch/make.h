#pragma once
/// Assembly of dispatch: jobs in DIRECTORY/jobs.db, and the thread that tends them.
#include <filesystem>
#include <memory>

#include "base/setting.h"
#include "services/dispatch/dispatch.h"
#include "services/events/events.h"

namespace larmor::dispatch {

/// The log and the clock must outlive it. Its destructor ends waiting claims and joins its thread; call it when no
/// other thread is inside any more.
Result<std::unique_ptr<Dispatch>> make(const std::filesystem::path& directory, const Settings&, events::EventLog&,
                                       const Clock&);

}  // namespace larmor::dispatch

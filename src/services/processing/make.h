#pragma once
/// Assembly of processing: results below DIRECTORY/results, scratch folders below DIRECTORY/scratch, and the workers.
#include <filesystem>
#include <memory>

#include "base/setting.h"
#include "services/dispatch/dispatch.h"
#include "services/events/events.h"
#include "services/processing/archives.h"
#include "services/processing/processing.h"
#include "services/storage/storage.h"

namespace larmor::processing {

/// The peers and the clock must outlive it. `executable` runs as `EXECUTABLE pipeline NAME ... ARGUMENTS`; empty: this
/// very program. Its destructor ends runs in progress (SIGTERM, five seconds later SIGKILL) and gives their jobs back.
Result<std::unique_ptr<Processing>> make(const std::filesystem::path& directory, const Settings&, storage::Storage&,
                                         dispatch::Dispatch&, events::EventLog&, const Clock&, Archives = {},
                                         const std::filesystem::path& executable = {},
                                         std::vector<std::string> arguments = {});

}  // namespace larmor::processing

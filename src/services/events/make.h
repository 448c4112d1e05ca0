#pragma once
/// The event log of this machine: DIRECTORY/events.db.
#include <filesystem>
#include <memory>

#include "services/events/events.h"

namespace larmor::events {

/// Creates the directory if need be. The clock must outlive the log.
Result<std::unique_ptr<EventLog>> make(const std::filesystem::path& directory, const Clock&);

}  // namespace larmor::events

#include "services/events/make.h"

#include "base/file.h"
#include "services/events/adapters/sqlite_log.h"

namespace larmor::events {

Result<std::unique_ptr<EventLog>> make(const std::filesystem::path& directory, const Clock& clock) {
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error)
    return fail(Code::unavailable, "cannot make the event log's directory {}: {}", directory.string(), error.message());
  auto log = TRY(SqliteLog::open(directory / "events.db", clock));
  CHECK_OK(sync_directory(directory));
  return log;
}

}  // namespace larmor::events

#pragma once
/// What an operator does with a storage directory, without its server: build the index again, and check every byte.
///
/// Failures: `conflict` when a process uses the directory (rebuild only), `not_found` when there is no storage in it,
/// `unavailable` when it cannot be read.
#include <filesystem>
#include <string>
#include <vector>

#include "services/events/events.h"

namespace larmor::storage {

/// Deletes the index and reads it from the packs again. Events that the log already has are not repeated. Returns the
/// number of objects. If it is interrupted, the next start of the storage goes on where it stopped.
Result<std::int64_t> rebuild(const std::filesystem::path& directory, events::EventLog&);

struct Finding {
  std::int64_t pack = 0;
  std::uint64_t offset = 0;
  std::string what;  ///< one sentence; names the object where it is known
};

struct VerifyReport {
  std::int64_t packs = 0, objects = 0, conflicts = 0;
  std::uint64_t bytes = 0;
  std::vector<Finding> findings;   ///< at most 1000 are listed
  std::int64_t finding_count = 0;  ///< all of them; 0: every object is as it was received, and is where the index says
};

/// Reads every record of every pack, checks its digest, and compares with the index both ways. Changes nothing; may run
/// beside the server.
Result<VerifyReport> verify(const std::filesystem::path& directory);

}  // namespace larmor::storage

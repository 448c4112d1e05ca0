#pragma once
/// Brings the index and the event log up to what the packs hold: after a crash only the end of the newest pack, for an
/// index that was lost everything.
///
/// Failures: `unavailable` when the packs, the index or the event log cannot be reached.
#include "services/storage/adapters/index.h"

namespace larmor::storage {

struct Recovered {
  std::int64_t newest = 0;       ///< number of the newest pack, 0 when there is none
  std::uint64_t newest_end = 0;  ///< behind its last intact record
  std::int64_t objects = 0;      ///< found in the packs and added
};

/// Numbers of the packs in the directory, ascending.
Result<std::vector<std::int64_t>> list_packs(const std::filesystem::path& packs);

/// Nobody may write into the packs meanwhile.
Result<Recovered> recover(const std::filesystem::path& packs, Index&, events::EventLog&);

}  // namespace larmor::storage

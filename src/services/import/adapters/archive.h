#pragma once
/// Asks the archive by C-FIND how many instances of a study it has.
#include "dicom/dimse/scu.h"
#include "services/import/core/arrivals.h"

namespace larmor::importing {

/// Per series; where the archive does not tell NumberOfSeriesRelatedInstances (it is optional, PS3.4 C.6.2.1.3) its
/// instances are listed and counted. `not_found` when it does not know the study. Blocks within the peer's patience.
Result<ArchiveCount> count_instances(const dimse::Peer& archive, const StudyUid&);

}  // namespace larmor::importing

#pragma once
/// Tells who asked for storage commitment over an association of our own, as the SCP of the service (PS3.4 J.3.3).
#include "base/result.h"
#include "dicom/dimse/commitment.h"
#include "dicom/dimse/peer.h"

namespace larmor::dimse {

/// `unsupported`: the peer does not take part in storage commitment, or does not know the transaction. Blocking,
/// bounded by the patience in Peer.
Result<void> report(const Peer&, const CommitmentReport&);

}  // namespace larmor::dimse

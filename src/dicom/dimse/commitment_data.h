#pragma once
/// Storage commitment as data sets (PS3.4 tables J.3-1 and J.3-2). Internal to dicom/dimse.
#include "base/result.h"
#include "dicom/dimse/commitment.h"

namespace larmor::dimse {

/// Of an N-ACTION. `invalid` names the attribute, `too_large` past Commitment::kMost objects.
Result<Commitment> read_commitment(const std::string& data_set, const TransferSyntaxUid&);
/// Of an N-EVENT-REPORT.
Result<std::string> write_report(const CommitmentReport&, const TransferSyntaxUid&);

}  // namespace larmor::dimse

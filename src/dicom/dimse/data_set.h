#pragma once
/// A data set out of the bytes of a message. Internal to dicom/dimse: knows DCMTK.
#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dcdatset.h>

#include <memory>
#include <string>

#include "base/result.h"

namespace larmor::dimse {

/// `corrupt` where it is none.
Result<std::unique_ptr<DcmDataset>> read_data_set(const std::string& bytes, const std::string& transfer_syntax);

}  // namespace larmor::dimse

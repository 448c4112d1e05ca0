#pragma once
/// The identifier of a query or a retrieval: what must match and what shall be returned, as a data set. Internal to
/// dicom/dimse.
#include "dicom/dimse/scu.h"

namespace larmor::dimse {

/// The data set in that transfer syntax; `invalid` names a keyword that the dictionary lacks or a value that it cannot
/// have. What is not ASCII goes out as UTF-8, and says so.
Result<std::string> encode_identifier(Level, const Row& keys, const std::string& transfer_syntax);
/// The values of those keys, in UTF-8. `corrupt` where it is no data set.
Result<Row> decode_identifier(const std::string& bytes, const Row& keys, const std::string& transfer_syntax);

}  // namespace larmor::dimse

#pragma once
/// The beginning of a DICOM file (PS3.10 section 7.1): preamble, prefix, file meta information. The data set follows as
/// it came.
#include <string>
#include <string_view>

#include "base/id.h"

namespace larmor::dicom {

/// Larmor as a writer of files: (0002,0012), (0002,0013).
constexpr std::string_view kImplementationClassUid = "2.25.300184951531149667831225720616394143119";
constexpr std::string_view kImplementationVersion = "LARMOR_0_1";

/// `source`: AE title of the sender, (0002,0016); left out when empty. Values that are too long for their element are
/// the caller's mistake and are cut at 64 (UID) or 16 (AE) characters.
std::string part10_front(const SopClassUid&, const SopUid&, const TransferSyntaxUid&, const AeTitle& source);

}  // namespace larmor::dicom

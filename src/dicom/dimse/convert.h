#pragma once
/// Data sets in another transfer syntax, for a peer that does not take the one in which they are stored.
#include <string>

#include "base/bytes.h"
#include "base/id.h"
#include "base/result.h"

namespace larmor::dimse {

/// `dataset` (without file head) as it reads in `to`: an uncompressed transfer syntax, or one that dicom/codec writes.
/// Decompresses JPEG, JPEG-LS, RLE, JPEG 2000 and HTJ2K; `unsupported` names the syntax that nobody here can read. In
/// memory, at most 2 GiB: used only where there is no other way.
Result<std::string> convert(ByteSource& dataset, const TransferSyntaxUid& from, const TransferSyntaxUid& to);

}  // namespace larmor::dimse

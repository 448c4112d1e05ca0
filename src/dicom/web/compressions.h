#pragma once
/// Which media type stands for which compression of pixels (PS3.18 table 8.7.3-5). Pure.
#include <string_view>

#include "base/bytes.h"

namespace larmor::dicom {

constexpr std::string_view kBytes = "application/octet-stream";

/// Of a frame in this transfer syntax; `kBytes` where it is not compressed, or the standard names none.
std::string_view media_type_of(std::string_view transfer_syntax);

/// The transfer syntax that a media type means where it comes without one; empty for a type that is none of these.
std::string_view usual_syntax(std::string_view media_type);

/// Of a JPEG stream, by its own markers (ITU-T T.81 annex B, PS3.5 8.2.1): what comes as image/jpeg is mostly baseline,
/// and the standard's usual one is lossless. `unsupported` for a process that has no transfer syntax, `corrupt`.
Result<std::string_view> syntax_of_jpeg(Bytes front);

}  // namespace larmor::dicom

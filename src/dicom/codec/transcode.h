#pragma once
/// Objects and frames in another transfer syntax, without loss (PS3.5 section 8 and annex A).
///
/// Reads what DCMTK and OpenJPEG read; writes Explicit VR Little Endian, JPEG-LS, RLE and JPEG 2000, the last three
/// only losslessly. Failures: `unsupported` (a compression that nobody here reads, pixels that the wanted one cannot
/// hold), `corrupt`.
#include <string>
#include <vector>

#include "base/id.h"
#include "base/result.h"
#include "dicom/codec/frame.h"

namespace larmor::dicom {

/// What can be written here. Whether an object fits shows when it is tried.
const std::vector<std::string>& written_syntaxes();
bool can_write(std::string_view transfer_syntax);

/// The frame's pixels alone: little endian, or a compressed stream.
Result<std::string> transcode(const Frame&, std::string_view to);

/// A whole Part 10 file, of 1 GiB at most (`too_large`).
Result<std::string> transcode(ByteSource& part10, std::string_view to);

}  // namespace larmor::dicom

#pragma once
/// DCMTK's codecs: it keeps them in one list per process.

namespace larmor::dicom {

/// JPEG, JPEG-LS and RLE, to decode and to encode; further calls do nothing. Any thread.
void register_codecs();

}  // namespace larmor::dicom

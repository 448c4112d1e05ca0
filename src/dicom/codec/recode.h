#pragma once
/// The pixels of a data set in another transfer syntax, in DCMTK's terms.
///
/// Failures: `unsupported` (a compression that nobody here reads, pixels that the wanted one cannot hold), `corrupt`.
#include "dicom/codec/data_set.h"

namespace larmor::dicom {

/// All frames, without loss; compressed only as JPEG-LS, RLE or JPEG 2000. `from`: the stored transfer syntax.
Result<void> recode(DcmDataset&, const std::string& from, E_TransferSyntax to);

/// Of uncompressed pixels, little endian, as the data set holds them.
Result<Bytes> native_bytes(DcmDataset&);

/// All fragments of a data set with one frame.
Result<std::string> stream_of(DcmDataset&, E_TransferSyntax);

}  // namespace larmor::dicom

#pragma once
/// A frame as a data set of its own, and a header, in DCMTK's terms.
#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

#include "base/result.h"
#include "dicom/codec/frame.h"

namespace larmor::dicom {

/// All before the pixel data. `head`: of a Part 10 file, up to its pixel data. Failures: `corrupt`.
Result<void> read_header(DcmFileFormat&, Bytes head);

/// The transfer syntax that the meta header names. DCMTK 3.6.7 does not know HTJ2K: to it such a file is in Explicit VR
/// Little Endian, as its data set is, with compressed pixels.
std::string stored_syntax(DcmFileFormat&);

/// What the header says of the pixels.
struct Layout {
  Uint16 rows = 0, columns = 0, samples = 1, allocated = 8, stored = 8, representation = 0;
};
Layout layout_of(DcmItem&);

/// The attributes of the frame's object and its pixels, uncompressed. What functional groups say of the frame's
/// brightness (PS3.3 C.7.6.16.2.9, C.7.6.16.2.10) stands where objects with one frame have it.
/// Failures: `corrupt`, and `unsupported` for a compression that nobody here can read.
Result<std::unique_ptr<DcmFileFormat>> read_frame(const Frame&);

/// Native pixels as `stored` has them, of the layout that the data set tells. Failures: `corrupt`.
Result<void> put_native(DcmDataset&, E_TransferSyntax stored, Bytes pixels);

/// Puts the one frame of `data` in uncompressed, whatever its stream was. JPEG 2000 by OpenJPEG, the rest by DCMTK.
Result<void> decompress_frame(DcmDataset& data, const std::string& from, Bytes stream);

}  // namespace larmor::dicom

#pragma once
/// A data set, or a file with its meta header, as bytes in a transfer syntax. Any thread. Failures: `unsupported`
/// (DCMTK cannot write it so).
#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dcdatset.h>
#include <dcmtk/dcmdata/dcfilefo.h>
#include <dcmtk/dcmdata/dcostrmb.h>
#include <dcmtk/dcmdata/dcwcache.h>

#include <string>
#include <vector>

#include "base/result.h"

namespace larmor::dicom {

/// `Whole`: DcmDataset or DcmFileFormat.
template <class Whole>
Result<std::string> written(Whole& whole, E_TransferSyntax syntax) {
  std::string out;
  std::vector<char> room(1 << 20);
  DcmOutputBufferStream stream(room.data(), static_cast<offile_off_t>(room.size()));
  DcmWriteCache cache;
  whole.transferInit();
  for (bool done = false; !done;) {
    const auto status = whole.write(stream, syntax, EET_ExplicitLength, &cache, EGL_recalcGL, EPD_withoutPadding);
    if (status.bad() && status != EC_StreamNotifyClient)
      return fail(Code::unsupported, "it cannot be written in another transfer syntax: {}", status.text());
    done = status.good();
    void* piece = nullptr;
    offile_off_t size = 0;
    stream.flushBuffer(piece, size);
    out.append(static_cast<const char*>(piece), static_cast<std::size_t>(size));
  }
  whole.transferEnd();
  return out;
}

}  // namespace larmor::dicom

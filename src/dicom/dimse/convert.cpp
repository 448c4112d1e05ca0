#include "dicom/dimse/convert.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dcdatset.h>
#include <dcmtk/dcmdata/dcistrmb.h>
#include <dcmtk/dcmdata/dcostrmb.h>
#include <dcmtk/dcmdata/dcwcache.h>

#include "dicom/codec/registry.h"

namespace larmor::dimse {
namespace {

constexpr std::size_t kLargest = std::size_t{2} << 30;

Result<std::string> write(DcmDataset& dataset, E_TransferSyntax syntax) {
  std::string out;
  std::vector<char> room(1 << 20);
  DcmOutputBufferStream stream(room.data(), static_cast<offile_off_t>(room.size()));
  DcmWriteCache cache;
  dataset.transferInit();
  for (bool done = false; !done;) {
    const auto status = dataset.write(stream, syntax, EET_ExplicitLength, &cache, EGL_recalcGL, EPD_withoutPadding);
    if (status.bad() && status != EC_StreamNotifyClient)
      return fail(Code::unsupported, "it cannot be written in another transfer syntax: {}", status.text());
    done = status.good();
    void* piece = nullptr;
    offile_off_t size = 0;
    stream.flushBuffer(piece, size);
    out.append(static_cast<const char*>(piece), static_cast<std::size_t>(size));
  }
  dataset.transferEnd();
  return out;
}

}  // namespace

Result<std::string> convert(ByteSource& source, const TransferSyntaxUid& from, const TransferSyntaxUid& to) {
  dicom::register_codecs();
  const DcmXfer stored(from.str().c_str()), wanted(to.str().c_str());
  if (stored.getXfer() == EXS_Unknown)
    return fail(Code::unsupported, "the transfer syntax {} is unknown here, and the other end does not take it", from);
  const auto bytes = TRY(read_all(source, kLargest));
  DcmInputBufferStream stream;
  stream.setBuffer(bytes.data(), static_cast<offile_off_t>(bytes.size()));
  stream.setEos();
  DcmDataset dataset;
  dataset.transferInit();
  auto status = dataset.read(stream, stored.getXfer(), EGL_noChange);
  dataset.transferEnd();
  if (status.bad()) return fail(Code::corrupt, "the stored object cannot be read: {}", status.text());
  if (dataset.chooseRepresentation(wanted.getXfer(), nullptr).bad() || !dataset.canWriteXfer(wanted.getXfer()))
    return fail_with({Code::unsupported,
                      fmt::format("it takes only {}, and {} cannot be decompressed here", wanted.getXferName(),
                                  stored.getXferName()),
                      "Ask its administrator to allow this transfer syntax", ""});
  return write(dataset, wanted.getXfer());
}

}  // namespace larmor::dimse

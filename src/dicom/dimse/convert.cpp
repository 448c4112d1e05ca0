#include "dicom/dimse/convert.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dcistrmb.h>

#include "dicom/codec/registry.h"
#include "dicom/codec/written.h"

namespace larmor::dimse {
namespace {

constexpr std::size_t kLargest = std::size_t{2} << 30;

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
  return dicom::written(dataset, wanted.getXfer());
}

}  // namespace larmor::dimse

#include "dicom/dimse/convert.h"

#include "dicom/codec/jpeg2000.h"
#include "dicom/codec/recode.h"
#include "dicom/codec/registry.h"
#include "dicom/codec/written.h"
#include "dicom/dimse/data_set.h"
#include "dicom/dimse/peer.h"

namespace larmor::dimse {
namespace {

constexpr std::size_t kLargest = std::size_t{2} << 30;

}  // namespace

Result<std::string> convert(ByteSource& source, const TransferSyntaxUid& from, const TransferSyntaxUid& to) {
  dicom::register_codecs();
  const DcmXfer wanted(to.str().c_str());
  DcmXfer stored(from.str().c_str());
  if (stored.getXfer() == EXS_Unknown && dicom::is_jpeg2000(from.str()))
    stored = DcmXfer(EXS_LittleEndianExplicit);  // HTJ2K, which DCMTK does not know: all but the pixels is
  if (stored.getXfer() == EXS_Unknown)
    return fail(Code::unsupported, "the transfer syntax {} is unknown here, and the other end does not take it", from);
  const auto data = TRY(read_data_set(TRY(read_all(source, kLargest)), stored.getXferID()));
  const auto done = dicom::recode(*data, from.str(), wanted.getXfer());
  if (!done && done.error().code == Code::unsupported)
    return fail_with({Code::unsupported,
                      fmt::format("it takes only {}, and {} cannot be changed into that here: {}", wanted.getXferName(),
                                  stored.getXferName(), done.error().what),
                      "Ask its administrator to allow this transfer syntax", ""});
  CHECK_OK(done);
  return dicom::written(*data, wanted.getXfer());
}

}  // namespace larmor::dimse

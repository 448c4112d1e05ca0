#include "dicom/dimse/commitment_data.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dcdeftag.h>
#include <dcmtk/dcmdata/dcsequen.h>

#include "dicom/codec/written.h"
#include "dicom/dimse/data_set.h"

namespace larmor::dimse {
namespace {

std::string text_of(DcmItem& item, const DcmTagKey& tag) {
  OFString value;
  (void)item.findAndGetOFString(tag, value);
  return {value.c_str(), value.size()};
}

Failure lacking(std::string_view keyword) {
  return fail_with({Code::invalid, fmt::format("the request has no {}", keyword), "", std::string(keyword)});
}

DcmItem& put(DcmDataset& data, const DcmTagKey& sequence, const Reference& object) {
  DcmItem* item = nullptr;
  (void)data.findOrCreateSequenceItem(sequence, item, -2);  // a new one at its end
  (void)item->putAndInsertString(DCM_ReferencedSOPClassUID, object.sop_class.str().c_str());
  (void)item->putAndInsertString(DCM_ReferencedSOPInstanceUID, object.instance.str().c_str());
  return *item;
}

}  // namespace

Result<Commitment> read_commitment(const std::string& bytes, const TransferSyntaxUid& syntax) {
  const auto data = TRY(read_data_set(bytes, syntax.str()));
  Commitment asked{text_of(*data, DCM_TransactionUID), {}};
  if (asked.transaction.empty()) return lacking("TransactionUID");
  DcmSequenceOfItems* list = nullptr;
  if (data->findAndGetSequence(DCM_ReferencedSOPSequence, list).bad() || list->card() == 0)
    return lacking("ReferencedSOPSequence");
  if (list->card() > Commitment::kMost)
    return fail(Code::too_large, "{} objects, more than {}: ask in parts", list->card(), Commitment::kMost);
  for (unsigned long i = 0; i < list->card(); ++i) {
    auto& item = *list->getItem(i);
    asked.objects.push_back(
        {SopClassUid(text_of(item, DCM_ReferencedSOPClassUID)), SopUid(text_of(item, DCM_ReferencedSOPInstanceUID))});
    if (asked.objects.back().sop_class.empty()) return lacking("ReferencedSOPClassUID");
    if (asked.objects.back().instance.empty()) return lacking("ReferencedSOPInstanceUID");
  }
  return asked;
}

Result<std::string> write_report(const CommitmentReport& report, const TransferSyntaxUid& syntax) {
  DcmDataset data;
  (void)data.putAndInsertString(DCM_TransactionUID, report.transaction.c_str());
  for (const auto& object : report.committed) put(data, DCM_ReferencedSOPSequence, object);
  for (const auto& failed : report.failed)
    (void)put(data, DCM_FailedSOPSequence, failed.object)
        .putAndInsertUint16(DCM_FailureReason, static_cast<Uint16>(failed.reason));
  return dicom::written(data, DcmXfer(syntax.str().c_str()).getXfer());
}

}  // namespace larmor::dimse

#include "dicom/objects/pdf.h"

#include "dicom/objects/document.h"

namespace larmor::dicom {
namespace {

constexpr Kind kKind{"pdf", UID_EncapsulatedPDFStorage, "DOC", 9103, "Larmor brain report"};

}  // namespace

Result<Object> write_pdf(const SourceSeries& source, std::string_view pdf, std::string_view title, const Maker& maker) {
  static constexpr imaging::Code kReport{"126000", "DCM", "Imaging Measurement Report"};
  if (!pdf.starts_with("%PDF-"))
    return fail(Code::invalid, "cannot write an encapsulated PDF: {} bytes that do not begin like one", pdf.size());
  const auto example = TRY(open_header(source.example));
  const auto id = identify(source, maker, kKind);
  Document document;
  Item root = document.root();
  write_common(document, *example->getDataset(), source, maker, kKind, id);
  root.text(DCM_InstanceNumber, "1");
  root.text(DCM_ConversionType, "WSD");
  root.text(DCM_AcquisitionDateTime, "");
  // The page shows the patient's name.
  root.text(DCM_BurnedInAnnotation, "YES");
  root.text(DCM_RecognizableVisualFeatures, "NO");
  write_instances(root, DCM_SourceInstanceSequence, source);
  root.text(DCM_DocumentTitle, plain_words(fmt::format("{} - {}", title, kNotADevice), 1024));
  root.code(DCM_ConceptNameCodeSequence, kReport);
  root.text(DCM_VerificationFlag, "UNVERIFIED");
  root.text(DCM_MIMETypeOfEncapsulatedDocument, "application/pdf");
  root.longs(DCM_EncapsulatedDocumentLength, std::array{static_cast<std::uint32_t>(pdf.size())});
  root.bytes(DCM_EncapsulatedDocument, std::span(reinterpret_cast<const std::uint8_t*>(pdf.data()), pdf.size()));
  return document.finish();
}

}  // namespace larmor::dicom

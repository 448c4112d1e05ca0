#include "dicom/objects/capture.h"

#include "dicom/objects/document.h"

namespace larmor::dicom {
namespace {

constexpr Kind kKind{"capture", UID_SecondaryCaptureImageStorage, "OT", 9104, "Larmor brain pictures"};

}  // namespace

Result<Object> write_capture(const SourceSeries& source, const Picture& picture, int number, const Maker& maker) {
  static constexpr imaging::Code kSource{"121322", "DCM", "Source Image for Image Processing Operation"};
  const std::size_t pixels = std::size_t{picture.width} * picture.height;
  if (pixels == 0 || picture.width > 65535 || picture.height > 65535 || picture.rgb.size() != pixels * 3)
    return fail(Code::invalid, "cannot write a secondary capture: {} bytes are no picture of {}x{} pixels",
                picture.rgb.size(), picture.width, picture.height);
  const auto example = TRY(open_header(source.example));
  const auto id = identify(source, maker, kKind, number);
  Document document;
  Item root = document.root();
  write_common(document, *example->getDataset(), source, maker, kKind, id);
  write_lossiness(root, *example->getDataset());
  root.text(DCM_ConversionType, "WSD");
  root.text(DCM_SecondaryCaptureDeviceManufacturer, "Larmor");
  root.text(DCM_DateOfSecondaryCapture, id.date);
  root.text(DCM_TimeOfSecondaryCapture, id.time);
  root.text(DCM_BodyPartExamined, "BRAIN");
  root.text(DCM_ImageType, "DERIVED\\SECONDARY");
  root.text(DCM_InstanceNumber, std::to_string(number));
  root.text(DCM_PatientOrientation, "");
  root.text(DCM_BurnedInAnnotation, picture.names_patient ? "YES" : "NO");
  root.text(DCM_DerivationDescription, "Slices of the source with outlines of the segmentation");
  write_instances(root, DCM_SourceImageSequence, source, &kSource);
  root.text(DCM_ImageComments, plain_words(fmt::format("{}. {}", picture.title, kNotADevice), 1024));
  root.word(DCM_SamplesPerPixel, 3);
  root.text(DCM_PhotometricInterpretation, "RGB");
  root.word(DCM_PlanarConfiguration, 0);
  root.word(DCM_Rows, static_cast<std::uint16_t>(picture.height));
  root.word(DCM_Columns, static_cast<std::uint16_t>(picture.width));
  root.word(DCM_BitsAllocated, 8);
  root.word(DCM_BitsStored, 8);
  root.word(DCM_HighBit, 7);
  root.word(DCM_PixelRepresentation, 0);
  root.bytes(DCM_PixelData, picture.rgb);
  return document.finish();
}

}  // namespace larmor::dicom

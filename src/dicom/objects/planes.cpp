#include "dicom/objects/planes.h"

#include "dicom/objects/uid.h"

namespace larmor::dicom {

void write_pixel_frame(Item root, const SourceSeries& source, std::size_t frames, std::string_view label,
                       std::string_view words) {
  root.text(DCM_InstanceNumber, "1");
  root.text(DCM_ContentLabel, plain_words(label, 16));
  root.text(DCM_ContentDescription, kNotADevice);
  root.text(DCM_ContentCreatorName, "Larmor^");
  root.text(DCM_ImageComments, plain_words(fmt::format("{} {}", words, kNotADevice), 1024));
  root.text(DCM_BodyPartExamined, "BRAIN");
  root.text(DCM_BurnedInAnnotation, "NO");
  root.word(DCM_SamplesPerPixel, 1);
  root.text(DCM_PhotometricInterpretation, "MONOCHROME2");
  root.text(DCM_NumberOfFrames, std::to_string(frames));
  root.word(DCM_Rows, static_cast<std::uint16_t>(source.rows));
  root.word(DCM_Columns, static_cast<std::uint16_t>(source.columns));
}

void write_space(Item root, const SourceSeries& source) {
  root.text(DCM_FrameOfReferenceUID, source.frame_of_reference.empty()
                                         ? uid_from({"larmor", "frame of reference", source.series.str()})
                                         : source.frame_of_reference);
  root.text(DCM_PositionReferenceIndicator, source.position_reference);
  Item series = root.item(DCM_ReferencedSeriesSequence);
  series.text(DCM_SeriesInstanceUID, source.series.str());
  write_instances(series, DCM_ReferencedInstanceSequence, source);
}

void write_dimensions(Item root, const std::string& organisation, std::span<const Dimension> dimensions) {
  root.item(DCM_DimensionOrganizationSequence).text(DCM_DimensionOrganizationUID, organisation);
  for (const auto& dimension : dimensions) {
    Item item = root.item(DCM_DimensionIndexSequence);
    item.text(DCM_DimensionOrganizationUID, organisation);
    item.raw().putAndInsertTagKey(DCM_DimensionIndexPointer, dimension.pointer);
    item.raw().putAndInsertTagKey(DCM_FunctionalGroupPointer, dimension.group);
    item.text(DCM_DimensionDescriptionLabel, dimension.label);
  }
}

void write_geometry(Item shared, const SourceSeries& source) {
  Item measures = shared.item(DCM_PixelMeasuresSequence);
  measures.decimals(DCM_PixelSpacing, std::array{source.row_spacing, source.column_spacing});
  measures.text(DCM_SliceThickness,
                decimal(source.slice_thickness > 0 ? source.slice_thickness : source.slice_spacing));
  measures.text(DCM_SpacingBetweenSlices, decimal(source.slice_spacing));
  const auto &r = source.row_direction, &c = source.column_direction;
  shared.item(DCM_PlaneOrientationSequence)
      .decimals(DCM_ImageOrientationPatient, std::array{r[0], r[1], r[2], c[0], c[1], c[2]});
}

void write_derivation(Item frame, const SourceSlice& slice, const imaging::Code& how, std::string_view words) {
  static constexpr imaging::Code kSource{"121322", "DCM", "Source Image for Image Processing Operation"};
  Item derivation = frame.item(DCM_DerivationImageSequence);
  if (!words.empty()) derivation.text(DCM_DerivationDescription, words);
  Item image = derivation.item(DCM_SourceImageSequence);
  image.text(DCM_ReferencedSOPClassUID, slice.sop_class.str());
  image.text(DCM_ReferencedSOPInstanceUID, slice.instance.str());
  if (slice.frame > 0) image.text(DCM_ReferencedFrameNumber, std::to_string(slice.frame));
  image.text(DCM_SpatialLocationsPreserved, "YES");
  image.code(DCM_PurposeOfReferenceCodeSequence, kSource);
  derivation.code(DCM_DerivationCodeSequence, how);
}

}  // namespace larmor::dicom

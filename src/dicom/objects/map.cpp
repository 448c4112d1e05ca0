#include "dicom/objects/map.h"

#include <cmath>

#include "dicom/objects/planes.h"
#include "dicom/objects/uid.h"

namespace larmor::dicom {
namespace {

using Values = imaging::Volume<float>;

constexpr Kind kKind{"map", UID_ParametricMapStorage, "MR", 9105, "Larmor local change of volume"};
constexpr imaging::Code kLocalChange{"local_change", "99LARMOR", "Local change of volume between scans"};
constexpr const char* kType = "DERIVED\\PRIMARY\\VOLUME\\QUANTITY";

Result<std::vector<std::size_t>> planes_with_values(const SourceSeries& source, const Values& values) {
  const std::size_t slices = values.shape()[0], area = values.shape()[1] * values.shape()[2];
  if (slices != source.slices.size() || values.shape()[1] != source.rows || values.shape()[2] != source.columns)
    return fail(Code::invalid, "cannot write a map of {}x{}x{} values for a series of {} slices of {}x{}", slices,
                values.shape()[1], values.shape()[2], source.slices.size(), source.rows, source.columns);
  if (!std::all_of(values.voxels.begin(), values.voxels.end(), [](float v) { return std::isfinite(v); }))
    return fail(Code::invalid, "cannot write a map: a value is not a number");
  std::vector<std::size_t> out;
  for (std::size_t k = 0; k < slices; ++k) {
    const float* plane = &values.voxels[k * area];
    if (std::any_of(plane, plane + area, [](float v) { return v != 0; })) out.push_back(k);
  }
  if (out.empty()) out.push_back(slices / 2);  // nothing has changed: that is a result too
  return out;
}

void write_mapping(Item shared, const Values& values, const Meaning& meaning) {
  static constexpr imaging::Code kQuantity{"246205007", "SCT", "Quantity"};
  const auto [low, high] = std::minmax_element(values.voxels.begin(), values.voxels.end());
  Item mapping = shared.item(DCM_RealWorldValueMappingSequence);
  mapping.real(DCM_DoubleFloatRealWorldValueFirstValueMapped, *low);
  mapping.real(DCM_DoubleFloatRealWorldValueLastValueMapped, *high);
  mapping.real(DCM_RealWorldValueIntercept, 0);
  mapping.real(DCM_RealWorldValueSlope, 1);
  mapping.text(DCM_LUTExplanation, plain_words(meaning.explanation, 64));
  mapping.text(DCM_LUTLabel, plain_words(meaning.label, 16));
  mapping.code(DCM_MeasurementUnitsCodeSequence, meaning.unit);
  Item quantity = mapping.item(DCM_QuantityDefinitionSequence);
  quantity.text(DCM_ValueType, "CODE");
  quantity.code(DCM_ConceptNameCodeSequence, kQuantity);
  quantity.code(DCM_ConceptCodeSequence, meaning.quantity);
}

void write_shared_groups(Item root, const SourceSeries& source, const Values& values, const Meaning& meaning,
                         const SourceSeries* earlier) {
  static constexpr imaging::Code kEarlier{"prior", "99LARMOR", "Earlier scan"};
  Item shared = root.item(DCM_SharedFunctionalGroupsSequence);
  write_geometry(shared, source);
  shared.item(DCM_ParametricMapFrameTypeSequence).text(DCM_FrameType, kType);
  write_mapping(shared, values, meaning);
  Item window = shared.item(DCM_FrameVOILUTSequence);
  window.text(DCM_WindowCenter, "0");
  window.text(DCM_WindowWidth, decimal(meaning.window));
  Item identity = shared.item(DCM_PixelValueTransformationSequence);
  identity.text(DCM_RescaleIntercept, "0");
  identity.text(DCM_RescaleSlope, "1");
  identity.text(DCM_RescaleType, "US");
  if (earlier) write_instances(shared, DCM_ReferencedImageSequence, *earlier, &kEarlier);
}

void write_frame(Item root, const SourceSlice& slice, std::size_t index, const Meaning& meaning) {
  Item item = root.item(DCM_PerFrameFunctionalGroupsSequence);
  write_derivation(item, slice, kLocalChange, plain_words(meaning.derivation, 1024));
  item.item(DCM_FrameContentSequence)
      .longs(DCM_DimensionIndexValues, std::array{static_cast<std::uint32_t>(index + 1)});
  item.item(DCM_PlanePositionSequence).decimals(DCM_ImagePositionPatient, slice.position);
}

void write_image(Item root, const SourceSeries& source, std::size_t frames, const Meaning& meaning,
                 const Maker& maker) {
  root.text(DCM_ImageType, kType);
  write_pixel_frame(root, source, frames, meaning.label,
                    fmt::format("{}. {} {} by Larmor.", meaning.explanation, maker.pipeline, maker.version));
  root.text(DCM_RecognizableVisualFeatures, "NO");
  root.text(DCM_ContentQualification, "RESEARCH");
  root.text(DCM_PixelPresentation, "MONOCHROME");
  root.text(DCM_PresentationLUTShape, "IDENTITY");
  root.empty_sequence(DCM_AcquisitionContextSequence);
  root.word(DCM_BitsAllocated, 32);
}

void write_other_study(Item root, const SourceSeries& earlier) {
  Item study = root.item(DCM_StudiesContainingOtherReferencedInstancesSequence);
  study.text(DCM_StudyInstanceUID, earlier.study.str());
  Item series = study.item(DCM_ReferencedSeriesSequence);
  series.text(DCM_SeriesInstanceUID, earlier.series.str());
  write_instances(series, DCM_ReferencedInstanceSequence, earlier);
}

}  // namespace

Result<Object> write_map(const SourceSeries& source, const Values& values, const Meaning& meaning,
                         const SourceSeries* earlier, const Maker& maker) {
  const auto planes = TRY(planes_with_values(source, values));
  const auto example = TRY(open_header(source.example));
  const auto id = identify(source, maker, kKind);

  Document document;
  Item root = document.root();
  write_common(document, *example->getDataset(), source, maker, kKind, id);
  write_lossiness(root, *example->getDataset());
  write_space(root, source);
  if (earlier) write_other_study(root, *earlier);
  write_image(root, source, planes.size(), meaning, maker);
  write_dimensions(root, uid_from({id.instance.str(), "dimensions"}), std::span(&kPositionDimension, 1));
  write_shared_groups(root, source, values, meaning, earlier);
  std::vector<float> pixels;
  const std::size_t area = values.shape()[1] * values.shape()[2];
  pixels.reserve(planes.size() * area);
  for (std::size_t i = 0; i < planes.size(); ++i) {
    write_frame(root, source.slices[planes[i]], i, meaning);
    const auto plane = values.voxels.begin() + static_cast<std::ptrdiff_t>(planes[i] * area);
    pixels.insert(pixels.end(), plane, plane + static_cast<std::ptrdiff_t>(area));
  }
  root.floats(DCM_FloatPixelData, pixels);
  return document.finish();
}

}  // namespace larmor::dicom

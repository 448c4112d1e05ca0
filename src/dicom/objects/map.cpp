#include "dicom/objects/map.h"

#include <cmath>

#include "dicom/objects/planes.h"
#include "dicom/objects/uid.h"
#include "imaging/morphology.h"

namespace larmor::dicom {
namespace {

using Values = imaging::Volume<float>;

constexpr Kind kKind{"map", UID_ParametricMapStorage, "MR", 9105, "Larmor local change of volume"};
constexpr imaging::Code kLocalChange{"local_change", "99LARMOR", "Local change of volume between scans"};
constexpr const char* kType = "DERIVED\\PRIMARY\\VOLUME\\QUANTITY";

Result<void> fits(const SourceSeries& source, const Values& values) {
  const auto& shape = values.shape();
  if (shape[0] != source.slices.size() || shape[1] != source.rows || shape[2] != source.columns)
    return fail(Code::invalid, "cannot write a map of {}x{}x{} values for a series of {} slices of {}x{}", shape[0],
                shape[1], shape[2], source.slices.size(), source.rows, source.columns);
  if (!std::all_of(values.voxels.begin(), values.voxels.end(), [](float v) { return std::isfinite(v); }))
    return fail(Code::invalid, "cannot write a map: a value is not a number");
  return {};
}

/// Around all values but 0; the middle plane where nothing has changed: that is a result too.
imaging::Box box_of(const Values& values) {
  imaging::Mask mask(values.grid);
  std::transform(values.voxels.begin(), values.voxels.end(), mask.voxels.begin(), [](float v) { return v != 0; });
  const auto box = imaging::bounds(mask);
  const auto& shape = values.shape();
  const std::size_t middle = shape[0] / 2;
  return box == imaging::Box{} ? imaging::Box{{middle, 0, 0}, {middle + 1, shape[1], shape[2]}} : box;
}

/// The series as if no more than the box had been taken.
SourceSeries part_of(SourceSeries s, const imaging::Box& box) {
  s.slices = {s.slices.begin() + std::ptrdiff_t(box.low[0]), s.slices.begin() + std::ptrdiff_t(box.high[0])};
  for (auto& slice : s.slices)
    for (int d = 0; d < 3; ++d)
      slice.position[d] += double(box.low[1]) * s.row_spacing * s.column_direction[d] +
                           double(box.low[2]) * s.column_spacing * s.row_direction[d];
  s.rows = std::uint32_t(box.high[1] - box.low[1]);
  s.columns = std::uint32_t(box.high[2] - box.low[2]);
  return s;
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
  CHECK_OK(fits(source, values));
  const auto box = box_of(values);
  const auto part = part_of(source, box);
  const auto example = TRY(open_header(source.example));
  const auto id = identify(source, maker, kKind);

  Document document;
  Item root = document.root();
  write_common(document, *example->getDataset(), source, maker, kKind, id);
  write_lossiness(root, *example->getDataset());
  write_space(root, source);
  if (earlier) write_other_study(root, *earlier);
  write_image(root, part, part.slices.size(), meaning, maker);
  write_dimensions(root, uid_from({id.instance.str(), "dimensions"}), std::span(&kPositionDimension, 1));
  write_shared_groups(root, source, values, meaning, earlier);
  for (std::size_t i = 0; i < part.slices.size(); ++i) write_frame(root, part.slices[i], i, meaning);
  root.floats(DCM_FloatPixelData, imaging::crop(values, box).voxels);
  return document.finish();
}

}  // namespace larmor::dicom

#include "dicom/objects/seg.h"

#include "dicom/objects/document.h"
#include "dicom/objects/planes.h"
#include "dicom/objects/uid.h"

namespace larmor::dicom {
namespace {

using Labels = imaging::Volume<std::uint8_t>;

constexpr Kind kKind{"seg", UID_SegmentationStorage, "SEG", 9101, "Larmor brain segmentation"};

constexpr std::uint8_t kInside = 255;  ///< of a voxel where voxels are bytes

/// One bit a voxel where frames are whole bytes, one byte a voxel elsewhere: frames that begin inside a byte are read
/// wrongly by OHIF and by dcmseg (docs/decisions/2026-11-26-seg-whole-bytes.md).
bool bit_per_voxel(const SourceSeries& source) {
  return source.rows * source.columns % 8 == 0;
}

struct Frame {
  std::size_t segment = 0, slice = 0;  ///< indices from 0
};

struct Plan {
  std::vector<Segment> segments;
  std::vector<Frame> frames;  ///< by segment, then by slice
};

const std::array kDimensions = {Dimension{DCM_ReferencedSegmentNumber, DCM_SegmentIdentificationSequence, "Segment"},
                                kPositionDimension};

/// Pixel data of an odd length ends with a byte that belongs to no frame, and OHIF then asks for every frame by itself
/// (docs/decisions/2026-11-26-seg-even-length.md). One more frame, where the first segment that leaves out a slice does
/// so, makes the length even.
void add_empty_frame(Plan& plan, std::size_t slices) {
  std::size_t gap = 0;
  while (gap < plan.frames.size() && plan.frames[gap].segment * slices + plan.frames[gap].slice == gap) ++gap;
  if (gap == plan.segments.size() * slices) return;  // no segment leaves out any slice
  plan.frames.insert(plan.frames.begin() + static_cast<std::ptrdiff_t>(gap), Frame{gap / slices, gap % slices});
}

Result<Plan> plan(const SourceSeries& source, const Labels& labels, const Maker& maker) {
  const std::size_t slices = labels.shape()[0], area = labels.shape()[1] * labels.shape()[2];
  if (slices != source.slices.size() || labels.shape()[1] != source.rows || labels.shape()[2] != source.columns)
    return fail(Code::invalid, "cannot write a segmentation of {}x{}x{} labels for a series of {} slices of {}x{}",
                slices, labels.shape()[1], labels.shape()[2], source.slices.size(), source.rows, source.columns);
  std::vector<std::array<std::uint32_t, 256>> seen(slices);
  for (std::size_t k = 0; k < slices; ++k)
    for (std::size_t i = 0; i < area; ++i) ++seen[k][labels.voxels[k * area + i]];

  Plan plan;
  for (int id = 1; id < 256; ++id) {
    std::size_t voxels = 0;
    for (std::size_t k = 0; k < slices; ++k) voxels += seen[k][id];
    if (voxels == 0) continue;
    const auto* known = imaging::structure(id);
    if (!known)
      return fail(Code::invalid, "cannot write a segmentation: label {} is not a structure that has a code", id);
    const auto index = plan.segments.size();
    plan.segments.push_back({id, static_cast<std::uint16_t>(index + 1), imaging::full_name(*known),
                             uid_from({"larmor", "tracking", source.series.str(), maker.pipeline, known->key}),
                             voxels});
    for (std::size_t k = 0; k < slices; ++k)
      if (seen[k][id]) plan.frames.push_back({index, k});
  }
  if (plan.segments.empty()) return fail(Code::invalid, "cannot write a segmentation: all labels are background");
  const std::size_t bytes = plan.frames.size() * area / (bit_per_voxel(source) ? 8 : 1);
  if (bytes % 2 != 0) add_empty_frame(plan, slices);
  return plan;
}

void write_segment(Item root, const Segment& segment, const Maker& maker) {
  static constexpr imaging::Code kIntelligence{"123109", "DCM", "Artificial Intelligence"};
  const auto& structure = *imaging::structure(segment.structure);
  std::string label = segment.tracking_id;
  label[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(label[0])));
  Item item = root.item(DCM_SegmentSequence);
  item.word(DCM_SegmentNumber, segment.number);
  item.text(DCM_SegmentLabel, label);
  item.text(DCM_SegmentDescription, fmt::format("{} (FreeSurfer {})", structure.key, structure.id));
  item.text(DCM_SegmentAlgorithmType, "AUTOMATIC");
  item.text(DCM_SegmentAlgorithmName, plain_words(maker.algorithm, 64));
  Item algorithm = item.item(DCM_SegmentationAlgorithmIdentificationSequence);
  algorithm.code(DCM_AlgorithmFamilyCodeSequence, kIntelligence);
  algorithm.text(DCM_AlgorithmName, plain_words(maker.algorithm, 64));
  algorithm.text(DCM_AlgorithmVersion, plain_words(maker.version, 64));
  algorithm.text(DCM_AlgorithmSource, "Larmor");
  item.code(DCM_SegmentedPropertyCategoryCodeSequence, structure.category);
  Item type = item.code(DCM_SegmentedPropertyTypeCodeSequence, structure.type);
  if (const auto* side = imaging::laterality(structure.side))
    type.code(DCM_SegmentedPropertyTypeModifierCodeSequence, *side);
  item.words(DCM_RecommendedDisplayCIELabValue, imaging::to_dicom_lab(structure.colour));
  item.text(DCM_TrackingID, segment.tracking_id);
  item.text(DCM_TrackingUID, segment.tracking_uid);
}

void write_frame(Item root, const SourceSeries& source, const Plan& plan, const Frame& frame) {
  static constexpr imaging::Code kSegmentation{"113076", "DCM", "Segmentation"};
  const auto& slice = source.slices[frame.slice];
  Item item = root.item(DCM_PerFrameFunctionalGroupsSequence);
  write_derivation(item, slice, kSegmentation);
  const std::array<std::uint32_t, 2> index{static_cast<std::uint32_t>(plan.segments[frame.segment].number),
                                           static_cast<std::uint32_t>(frame.slice + 1)};
  item.item(DCM_FrameContentSequence).longs(DCM_DimensionIndexValues, index);
  item.item(DCM_PlanePositionSequence).decimals(DCM_ImagePositionPatient, slice.position);
  item.item(DCM_SegmentIdentificationSequence).word(DCM_ReferencedSegmentNumber, plan.segments[frame.segment].number);
}

/// Least significant bit first, frames without padding between them (PS3.5 8.1.1).
std::vector<std::uint8_t> pack_bits(const Labels& labels, const Plan& plan) {
  const std::size_t area = labels.shape()[1] * labels.shape()[2];
  std::vector<std::uint8_t> bits((plan.frames.size() * area + 7) / 8);
  std::size_t bit = 0;
  for (const auto& frame : plan.frames) {
    const auto wanted = static_cast<std::uint8_t>(plan.segments[frame.segment].structure);
    const std::uint8_t* voxel = &labels.voxels[frame.slice * area];
    for (std::size_t i = 0; i < area; ++i, ++bit)
      bits[bit >> 3] |= static_cast<std::uint8_t>((voxel[i] == wanted) << (bit & 7));
  }
  return bits;
}

std::vector<std::uint8_t> pack_bytes(const Labels& labels, const Plan& plan) {
  const std::size_t area = labels.shape()[1] * labels.shape()[2];
  std::vector<std::uint8_t> bytes;
  bytes.reserve(plan.frames.size() * area);
  for (const auto& frame : plan.frames) {
    const auto wanted = static_cast<std::uint8_t>(plan.segments[frame.segment].structure);
    const std::uint8_t* voxel = &labels.voxels[frame.slice * area];
    std::transform(voxel, voxel + area, std::back_inserter(bytes),
                   [wanted](std::uint8_t v) { return v == wanted ? kInside : std::uint8_t{0}; });
  }
  return bytes;
}

void write_voxel_format(Item root, bool bits) {
  root.word(DCM_BitsAllocated, bits ? 1 : 8);
  root.word(DCM_BitsStored, bits ? 1 : 8);
  root.word(DCM_HighBit, bits ? 0 : 7);
  root.word(DCM_PixelRepresentation, 0);
  root.text(DCM_SegmentationType, bits ? "BINARY" : "FRACTIONAL");
  if (bits) return;
  root.text(DCM_SegmentationFractionalType, "OCCUPANCY");  // a voxel lies inside or outside as a whole
  root.word(DCM_MaximumFractionalValue, kInside);
}

void write_image(Item root, const SourceSeries& source, const Plan& plan, const Maker& maker) {
  root.text(DCM_ImageType, "DERIVED\\PRIMARY");
  write_pixel_frame(root, source, plan.frames.size(), "BRAIN",
                    fmt::format("{} {} by Larmor.", maker.algorithm, maker.version));
  write_voxel_format(root, bit_per_voxel(source));
}

}  // namespace

Result<Segmentation> write_seg(const SourceSeries& source, const Labels& labels, const Maker& maker) {
  Plan made = TRY(plan(source, labels, maker));
  const auto example = TRY(open_header(source.example));
  const auto id = identify(source, maker, kKind);

  Document document;
  Item root = document.root();
  write_common(document, *example->getDataset(), source, maker, kKind, id);
  write_lossiness(root, *example->getDataset());
  write_space(root, source);
  write_image(root, source, made, maker);
  for (const auto& segment : made.segments) write_segment(root, segment, maker);
  write_dimensions(root, uid_from({id.instance.str(), "dimensions"}), kDimensions);
  write_geometry(root.item(DCM_SharedFunctionalGroupsSequence), source);
  for (const auto& frame : made.frames) write_frame(root, source, made, frame);
  root.bytes(DCM_PixelData, bit_per_voxel(source) ? pack_bits(labels, made) : pack_bytes(labels, made));

  Segmentation out;
  out.object = TRY(document.finish());
  out.segments = std::move(made.segments);
  out.frames = made.frames.size();
  return out;
}

}  // namespace larmor::dicom

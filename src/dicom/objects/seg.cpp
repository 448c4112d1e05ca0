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

/// A segment with all that it is described and drawn by.
struct Part {
  Segment segment;
  std::string description;
  imaging::Code category, type;
  const imaging::Code* side = nullptr;
  imaging::Rgb colour;
  const Labels* voxels = nullptr;
  std::uint8_t value = 0;  ///< of the voxels inside
};

struct Frame {
  std::size_t part = 0, slice = 0;  ///< indices from 0
};

struct Plan {
  std::vector<Part> parts;
  std::vector<Frame> frames;  ///< by part, then by slice
};

const std::array kDimensions = {Dimension{DCM_ReferencedSegmentNumber, DCM_SegmentIdentificationSequence, "Segment"},
                                kPositionDimension};

/// Pixel data of an odd length ends with a byte that belongs to no frame, and OHIF then asks for every frame by itself
/// (docs/decisions/2026-11-26-seg-even-length.md). One more frame, where the first segment that leaves out a slice does
/// so, makes the length even.
void add_empty_frame(Plan& plan, std::size_t slices) {
  std::size_t gap = 0;
  while (gap < plan.frames.size() && plan.frames[gap].part * slices + plan.frames[gap].slice == gap) ++gap;
  if (gap == plan.parts.size() * slices) return;  // no segment leaves out any slice
  plan.frames.insert(plan.frames.begin() + static_cast<std::ptrdiff_t>(gap), Frame{gap / slices, gap % slices});
}

/// How many voxels of each value a slice has.
using Histogram = std::array<std::uint32_t, 256>;

std::vector<Histogram> histograms(const Labels& labels) {
  const std::size_t slices = labels.shape()[0], area = labels.shape()[1] * labels.shape()[2];
  std::vector<Histogram> out(slices);
  for (std::size_t k = 0; k < slices; ++k)
    for (std::size_t i = 0; i < area; ++i) ++out[k][labels.voxels[k * area + i]];
  return out;
}

Result<void> check_shape(const SourceSeries& source, const Labels& labels) {
  if (labels.shape() == imaging::Shape{source.slices.size(), source.rows, source.columns}) return {};
  return fail(Code::invalid, "cannot write a segmentation of {}x{}x{} labels for a series of {} slices of {}x{}",
              labels.shape()[0], labels.shape()[1], labels.shape()[2], source.slices.size(), source.rows,
              source.columns);
}

Part part_of(const imaging::Structure& s) {
  return {{s.id, 0, imaging::full_name(s), {}, 0},
          fmt::format("{} (FreeSurfer {})", s.key, s.id),
          s.category,
          s.type,
          imaging::laterality(s.side),
          s.colour};
}

Part part_of(const FindingKind& kind) {
  return {
      {0, 0, std::string(kind.name), {}, 0}, std::string(kind.name), kind.category, kind.type, nullptr, kind.colour};
}

/// Appends what the slices show of one value, if anything.
void add(Plan& plan, Part part, std::string_view key, const std::vector<Histogram>& seen, const SourceSeries& source,
         const Maker& maker) {
  const auto index = plan.parts.size();
  for (std::size_t k = 0; k < seen.size(); ++k) {
    if (seen[k][part.value] == 0) continue;
    part.segment.voxels += seen[k][part.value];
    plan.frames.push_back({index, k});
  }
  if (part.segment.voxels == 0) return;
  part.segment.number = static_cast<std::uint16_t>(index + 1);
  part.segment.tracking_uid = uid_from({"larmor", "tracking", source.series.str(), maker.pipeline, key});
  plan.parts.push_back(std::move(part));
}

Result<void> add_structures(Plan& plan, const Labels& labels, const SourceSeries& source, const Maker& maker) {
  CHECK_OK(check_shape(source, labels));
  const auto seen = histograms(labels);
  for (int id = 1; id < 256; ++id) {
    if (std::none_of(seen.begin(), seen.end(), [&](const Histogram& slice) { return slice[id] > 0; })) continue;
    const auto* known = imaging::structure(id);
    if (!known)
      return fail(Code::invalid, "cannot write a segmentation: label {} is not a structure that has a code", id);
    Part part = part_of(*known);
    part.voxels = &labels;
    part.value = static_cast<std::uint8_t>(id);
    add(plan, std::move(part), known->key, seen, source, maker);
  }
  if (plan.parts.empty()) return fail(Code::invalid, "cannot write a segmentation: all labels are background");
  return {};
}

Result<void> add_findings(Plan& plan, const FindingsLayer& findings, const SourceSeries& source, const Maker& maker) {
  if (findings.voxels.size() == 0) return {};
  CHECK_OK(check_shape(source, findings.voxels));
  const auto seen = histograms(findings.voxels);
  for (const auto& kind : findings.kinds) {
    Part part = part_of(kind);
    part.voxels = &findings.voxels;
    part.value = kind.value;
    add(plan, std::move(part), kind.name, seen, source, maker);
  }
  return {};
}

Result<Plan> plan(const SourceSeries& source, const Labels& labels, const FindingsLayer& findings, const Maker& maker) {
  Plan plan;
  CHECK_OK(add_structures(plan, labels, source, maker));
  CHECK_OK(add_findings(plan, findings, source, maker));
  const std::size_t bytes = plan.frames.size() * source.rows * source.columns / (bit_per_voxel(source) ? 8 : 1);
  if (bytes % 2 != 0) add_empty_frame(plan, source.slices.size());
  return plan;
}

void write_segment(Item root, const Part& part, const Maker& maker) {
  static constexpr imaging::Code kIntelligence{"123109", "DCM", "Artificial Intelligence"};
  std::string label = part.segment.tracking_id;
  label[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(label[0])));
  Item item = root.item(DCM_SegmentSequence);
  item.word(DCM_SegmentNumber, part.segment.number);
  item.text(DCM_SegmentLabel, label);
  item.text(DCM_SegmentDescription, part.description);
  item.text(DCM_SegmentAlgorithmType, "AUTOMATIC");
  item.text(DCM_SegmentAlgorithmName, plain_words(maker.algorithm, 64));
  Item algorithm = item.item(DCM_SegmentationAlgorithmIdentificationSequence);
  algorithm.code(DCM_AlgorithmFamilyCodeSequence, kIntelligence);
  algorithm.text(DCM_AlgorithmName, plain_words(maker.algorithm, 64));
  algorithm.text(DCM_AlgorithmVersion, plain_words(maker.version, 64));
  algorithm.text(DCM_AlgorithmSource, "Larmor");
  item.code(DCM_SegmentedPropertyCategoryCodeSequence, part.category);
  Item type = item.code(DCM_SegmentedPropertyTypeCodeSequence, part.type);
  if (part.side) type.code(DCM_SegmentedPropertyTypeModifierCodeSequence, *part.side);
  item.words(DCM_RecommendedDisplayCIELabValue, imaging::to_dicom_lab(part.colour));
  item.text(DCM_TrackingID, part.segment.tracking_id);
  item.text(DCM_TrackingUID, part.segment.tracking_uid);
}

void write_frame(Item root, const SourceSeries& source, const Plan& plan, const Frame& frame) {
  static constexpr imaging::Code kSegmentation{"113076", "DCM", "Segmentation"};
  const auto& slice = source.slices[frame.slice];
  Item item = root.item(DCM_PerFrameFunctionalGroupsSequence);
  write_derivation(item, slice, kSegmentation);
  const std::array<std::uint32_t, 2> index{static_cast<std::uint32_t>(plan.parts[frame.part].segment.number),
                                           static_cast<std::uint32_t>(frame.slice + 1)};
  item.item(DCM_FrameContentSequence).longs(DCM_DimensionIndexValues, index);
  item.item(DCM_PlanePositionSequence).decimals(DCM_ImagePositionPatient, slice.position);
  item.item(DCM_SegmentIdentificationSequence).word(DCM_ReferencedSegmentNumber, plan.parts[frame.part].segment.number);
}

/// Calls visit(bool inside) for every voxel of every frame.
void each_voxel(const Plan& plan, std::size_t area, auto visit) {
  for (const auto& frame : plan.frames) {
    const auto& part = plan.parts[frame.part];
    const std::uint8_t* voxel = &part.voxels->voxels[frame.slice * area];
    for (std::size_t i = 0; i < area; ++i) visit(voxel[i] == part.value);
  }
}

/// Least significant bit first, frames without padding between them (PS3.5 8.1.1).
std::vector<std::uint8_t> pack_bits(const Plan& plan, std::size_t area) {
  std::vector<std::uint8_t> bits((plan.frames.size() * area + 7) / 8);
  std::size_t bit = 0;
  each_voxel(plan, area, [&](bool inside) {
    bits[bit >> 3] |= static_cast<std::uint8_t>(inside << (bit & 7));
    ++bit;
  });
  return bits;
}

std::vector<std::uint8_t> pack_bytes(const Plan& plan, std::size_t area) {
  std::vector<std::uint8_t> bytes(plan.frames.size() * area);
  auto next = bytes.begin();
  each_voxel(plan, area, [&](bool inside) { *next++ = inside ? kInside : std::uint8_t{0}; });
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

Result<Segmentation> write_seg(const SourceSeries& source, const Labels& labels, const Maker& maker,
                               const FindingsLayer& findings) {
  Plan made = TRY(plan(source, labels, findings, maker));
  const auto example = TRY(open_header(source.example));
  const auto id = identify(source, maker, kKind);

  Document document;
  Item root = document.root();
  write_common(document, *example->getDataset(), source, maker, kKind, id);
  write_lossiness(root, *example->getDataset());
  write_space(root, source);
  write_image(root, source, made, maker);
  for (const auto& part : made.parts) write_segment(root, part, maker);
  write_dimensions(root, uid_from({id.instance.str(), "dimensions"}), kDimensions);
  write_geometry(root.item(DCM_SharedFunctionalGroupsSequence), source);
  for (const auto& frame : made.frames) write_frame(root, source, made, frame);
  const auto area = std::size_t(source.rows) * source.columns;
  root.bytes(DCM_PixelData, bit_per_voxel(source) ? pack_bits(made, area) : pack_bytes(made, area));

  Segmentation out;
  out.object = TRY(document.finish());
  for (auto& part : made.parts) out.segments.push_back(std::move(part.segment));
  out.frames = made.frames.size();
  return out;
}

}  // namespace larmor::dicom

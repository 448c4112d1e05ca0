#include "dicom/objects/dicomize.h"

#include <cmath>

#include "dicom/objects/document.h"
#include "dicom/objects/uid.h"

namespace larmor::dicom {
namespace {

constexpr auto kSimulatedStudy = " (SIMULATED)";

using imaging::Affine;
using imaging::Point;

/// A walk through the volume in DICOM's order: slice, row, column.
struct Walk {
  std::array<int, 3> axis{};  ///< the volume's index that slice, row and column follow
  std::array<bool, 3> backwards{};
};

struct Layout {
  std::array<std::size_t, 3> count{};  ///< slices, rows, columns
  Point origin{}, row_direction{}, column_direction{};
  Point slice_step{};
  double column_spacing = 0, row_spacing = 0, slice_spacing = 0;
};

Point scaled(const Point& p, double by) {
  return {p[0] * by, p[1] * by, p[2] * by};
}
Point sum(const Point& a, const Point& b) {
  return {a[0] + b[0], a[1] + b[1], a[2] + b[2]};
}
Point unit(const Point& p) {
  return scaled(p, 1 / imaging::length(p));
}

/// Which world axis each index follows best: the assignment with the largest sum of cosines.
std::array<int, 3> world_axes(const Affine& to_world) {
  std::array<int, 3> order{0, 1, 2}, best = order;
  double best_sum = -1;
  do {
    double total = 0;
    for (int i = 0; i < 3; ++i) total += std::abs(unit(to_world.column(i))[order[i]]);
    if (total > best_sum + 1e-9) best_sum = total, best = order;
  } while (std::next_permutation(order.begin(), order.end()));
  return best;
}

/// The usual view of each plane: seen from the feet, from the left, from the front; LPS+ directions of columns and
/// rows.
struct View {
  int slice_axis, row_axis, column_axis;  ///< world axes: 0 left, 1 posterior, 2 superior
  int rows_towards, columns_towards;      ///< +1 along the axis, -1 against it
};
constexpr std::array kViews = {View{0, 2, 1, -1, +1}, View{1, 2, 0, -1, +1}, View{2, 1, 0, +1, +1}};

Walk plan(const Affine& lps, ViewPlane plane) {
  const auto world = world_axes(lps);
  const int slice_axis = plane == ViewPlane::sagittal  ? 0
                         : plane == ViewPlane::coronal ? 1
                         : plane == ViewPlane::axial   ? 2
                                                       : world[0];
  const View& view = kViews[slice_axis];
  const auto index_of = [&](int axis) {
    return static_cast<int>(std::find(world.begin(), world.end(), axis) - world.begin());
  };
  Walk walk;
  walk.axis = {index_of(view.slice_axis), index_of(view.row_axis), index_of(view.column_axis)};
  const auto along = [&](int i, int axis) { return lps.column(walk.axis[i])[axis]; };
  walk.backwards[1] = along(1, view.row_axis) * view.rows_towards < 0;
  walk.backwards[2] = along(2, view.column_axis) * view.columns_towards < 0;
  const Point rows = scaled(lps.column(walk.axis[1]), walk.backwards[1] ? -1 : 1);
  const Point columns = scaled(lps.column(walk.axis[2]), walk.backwards[2] ? -1 : 1);
  walk.backwards[0] = imaging::dot(lps.column(walk.axis[0]), imaging::cross(columns, rows)) < 0;
  return walk;
}

Result<Layout> lay_out(const imaging::Grid& grid, const Affine& lps, const Walk& walk) {
  Layout out;
  out.origin = lps.column(3);
  std::array<Point, 3> step;
  for (int i = 0; i < 3; ++i) {
    const auto axis = walk.axis[i];
    out.count[i] = grid.shape[axis];
    step[i] = scaled(lps.column(axis), walk.backwards[i] ? -1 : 1);
    if (walk.backwards[i])
      out.origin = sum(out.origin, scaled(lps.column(axis), static_cast<double>(grid.shape[axis] - 1)));
  }
  for (int i = 0; i < 3; ++i) {
    const double cosine = imaging::dot(unit(step[i]), unit(step[(i + 1) % 3]));
    if (std::abs(cosine) > 0.01)
      return fail(Code::unsupported,
                  "cannot make DICOM planes of a sheared volume: two of its axes meet at {:.1f} degrees",
                  std::acos(cosine) * 180 / M_PI);
  }
  out.slice_step = step[0];
  out.slice_spacing = imaging::length(step[0]);
  out.row_spacing = imaging::length(step[1]);
  out.column_spacing = imaging::length(step[2]);
  out.row_direction = unit(step[2]);
  // Orthogonal to the last digit, which single-precision affines are not.
  const double leak = imaging::dot(unit(step[1]), out.row_direction);
  out.column_direction = unit(sum(unit(step[1]), scaled(out.row_direction, -leak)));
  return out;
}

struct Scaling {
  double slope = 1, intercept = 0;
  bool as_is = true;
  double centre = 0, width = 1;  ///< of the window, in the volume's values
  std::uint16_t stored(float value) const {
    if (!std::isfinite(value)) return 0;
    return static_cast<std::uint16_t>(std::clamp(std::lround((value - intercept) / slope), 0L, 65535L));
  }
};

Scaling scaling_of(const std::vector<float>& voxels) {
  Scaling s;
  float least = 0, most = 0;
  bool whole = true;
  for (const float v : voxels) {
    if (!std::isfinite(v)) continue;
    least = std::min(least, v);
    most = std::max(most, v);
    whole = whole && v == std::floor(v);
  }
  s.as_is = whole && least >= 0 && most <= 65535;
  if (!s.as_is) {
    s.intercept = least;
    s.slope = most > least ? (most - static_cast<double>(least)) / 65535 : 1;
  }
  // The window leaves out the brightest half per cent, mostly vessels and fat.
  std::array<std::size_t, 1024> histogram{};
  const double bin = (most - static_cast<double>(least)) / 1023;
  std::size_t counted = 0;
  for (const float v : voxels)
    if (std::isfinite(v) && v > least && bin > 0) ++histogram[static_cast<std::size_t>((v - least) / bin)], ++counted;
  std::size_t seen = 0, top = 0;
  while (top < 1023 && seen + histogram[top] < counted * 995 / 1000) seen += histogram[top++];
  const double white = least + bin * static_cast<double>(top + 1);
  s.width = std::max(white - least, 1.0);
  s.centre = least + s.width / 2;
  return s;
}

bool is_date(std::string_view text) {
  return text.size() == 8 && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

Result<void> check(const imaging::Volume<float>& volume, const DicomizeOptions& o) {
  const auto wrong = [](const char* field, std::string_view why) {
    return fail_with({Code::invalid, fmt::format("cannot dicomize: {} {}", field, why), "", field});
  };
  const auto& p = o.patient.reveal();
  if (!is_date(o.study_date)) return wrong("study_date", "has to be YYYYMMDD");
  if (!p.birth_date.empty() && !is_date(p.birth_date)) return wrong("birth_date", "has to be YYYYMMDD or empty");
  if (!p.sex.empty() && p.sex != "M" && p.sex != "F" && p.sex != "O") return wrong("sex", "has to be M, F, O or empty");
  if (!p.age.empty() && (p.age.size() != 4 || std::string_view("DWMY").find(p.age[3]) == std::string_view::npos))
    return wrong("age", "has to be three digits and one of D, W, M, Y, like 042Y");
  if (imaging::count(volume.shape()) == 0) return wrong("volume", "has no voxels");
  if (volume.shape()[0] > 65535 || volume.shape()[1] > 65535 || volume.shape()[2] > 65535)
    return wrong("volume", "is too long for DICOM along one side");
  if (!imaging::is_usable(volume.grid.to_world)) return wrong("volume", "has an affine that flattens space");
  return {};
}

std::string derivation_of(const DicomizeOptions& o) {
  return o.simulated.empty() ? o.derivation : fmt::format("{}. SIMULATED: {}", o.derivation, o.simulated);
}

struct Uids {
  std::string study, series, frame;
};

/// Everything that enters the bytes enters the UIDs: never two objects of one name.
Uids name(const imaging::Volume<float>& volume, const DicomizeOptions& o) {
  const auto& p = o.patient.reveal();
  std::string content(reinterpret_cast<const char*>(volume.voxels.data()), volume.voxels.size() * sizeof(float));
  content = sha256_hex(content);
  std::string place;
  for (const auto n : volume.shape()) place += fmt::format("{} ", n);
  for (const auto& row : volume.grid.to_world.rows)
    for (const double x : row) place += fmt::format("{:.9g} ", x);
  const auto number = [](const std::optional<double>& x) { return x ? decimal(*x) : std::string("-"); };
  const std::string numbers = fmt::format(
      "{} {} {} {} {} {} {} {}", number(o.repetition_time_ms), number(o.echo_time_ms), number(o.inversion_time_ms),
      number(o.flip_angle_deg), number(o.field_strength_t), o.series_number, o.original, static_cast<int>(o.plane));
  Uids uids;
  uids.study = !o.study_uid.empty()
                   ? o.study_uid
                   : uid_from({"larmor", "dicomize", "study", o.seed, content, place, p.name, p.id, p.birth_date, p.sex,
                               p.age, o.study_date, o.study_time, o.study_description, o.study_id, o.accession});
  uids.series = uid_from({"series",
                          uids.study,
                          o.seed,
                          content,
                          place,
                          p.name,
                          p.id,
                          p.birth_date,
                          p.sex,
                          p.age,
                          o.study_date,
                          o.study_time,
                          o.study_description,
                          o.study_id,
                          o.accession,
                          o.series_description,
                          o.protocol,
                          o.body_part,
                          o.scanning_sequence,
                          o.sequence_variant,
                          derivation_of(o),
                          numbers});
  uids.frame = uid_from({"frame of reference", uids.study, o.seed, place});
  return uids;
}

void write_study(Item root, const DicomizeOptions& o, const Uids& uids) {
  const auto& p = o.patient.reveal();
  root.text(DCM_SpecificCharacterSet, "ISO_IR 192");
  root.text(DCM_PatientName, p.name);
  root.text(DCM_PatientID, p.id);
  root.text(DCM_PatientBirthDate, p.birth_date);
  root.text(DCM_PatientSex, p.sex);
  if (!p.age.empty()) root.text(DCM_PatientAge, p.age);
  root.text(DCM_StudyInstanceUID, uids.study);
  root.text(DCM_StudyDate, o.study_date);
  root.text(DCM_StudyTime, o.study_time);
  root.text(DCM_StudyID, o.study_id);
  root.text(DCM_AccessionNumber, o.accession);
  root.text(DCM_ReferringPhysicianName, "");
  root.text(DCM_StudyDescription, o.study_description + (o.simulated.empty() ? "" : kSimulatedStudy));
}

void write_series(Item root, const DicomizeOptions& o, const Uids& uids) {
  static constexpr imaging::Code kProcessing{"109102", "DCM", "Processing Equipment"};
  root.text(DCM_Modality, "MR");
  root.text(DCM_SeriesInstanceUID, uids.series);
  root.text(DCM_SeriesNumber, std::to_string(o.series_number));
  root.text(DCM_SeriesDate, o.study_date);
  root.text(DCM_SeriesTime, o.study_time);
  root.text(DCM_SeriesDescription, o.series_description);
  root.text(DCM_ProtocolName, o.protocol);
  root.text(DCM_BodyPartExamined, o.body_part);
  root.text(DCM_PatientPosition, "HFS");
  root.text(DCM_FrameOfReferenceUID, uids.frame);
  root.text(DCM_PositionReferenceIndicator, "");
  root.text(DCM_Manufacturer, "");  // the scanner's is not known; Larmor only converted
  Item converter = root.item(DCM_ContributingEquipmentSequence);
  converter.code(DCM_PurposeOfReferenceCodeSequence, kProcessing);
  converter.text(DCM_Manufacturer, "Larmor");
  converter.text(DCM_ManufacturerModelName, "Larmor dicomize");
  converter.text(DCM_ContributionDescription, derivation_of(o));
  root.text(DCM_ScanningSequence, o.scanning_sequence);
  root.text(DCM_SequenceVariant, o.sequence_variant);
  root.text(DCM_ScanOptions, "");
  root.text(DCM_MRAcquisitionType, "3D");
  root.text(DCM_EchoTrainLength, "");
  const auto number = [&](const DcmTagKey& tag, const std::optional<double>& value) {
    root.text(tag, value ? decimal(*value) : std::string());
  };
  number(DCM_RepetitionTime, o.repetition_time_ms);
  number(DCM_EchoTime, o.echo_time_ms);
  if (o.inversion_time_ms) number(DCM_InversionTime, o.inversion_time_ms);
  if (o.flip_angle_deg) number(DCM_FlipAngle, o.flip_angle_deg);
  if (o.field_strength_t) number(DCM_MagneticFieldStrength, o.field_strength_t);
}

void write_image(Item root, const DicomizeOptions& o, const Scaling& scaling) {
  root.text(DCM_ImageType, o.original ? "ORIGINAL\\PRIMARY\\OTHER" : "DERIVED\\PRIMARY\\OTHER");
  root.text(DCM_AcquisitionDate, o.study_date);
  root.text(DCM_AcquisitionTime, o.study_time);
  root.text(DCM_ContentDate, o.study_date);
  root.text(DCM_ContentTime, o.study_time);
  root.text(DCM_AcquisitionNumber, "1");
  if (!o.original) root.text(DCM_DerivationDescription, derivation_of(o));
  // Synthetic Data is younger than the dictionaries of DCMTK 3.6.7 and dciodvfy, who do not know it.
  if (!o.simulated.empty()) root.raw().putAndInsertString(DcmTag(0x0008, 0x001C, EVR_CS), "YES");
  root.text(DCM_ImageComments,
            fmt::format("{}. {}. {}", derivation_of(o),
                        scaling.as_is ? "Values are those of the file"
                                      : "Values were scaled to 16 bits; Rescale Slope and Intercept lead back",
                        kNotADevice));
  root.text(DCM_LossyImageCompression, "00");
  root.word(DCM_SamplesPerPixel, 1);
  root.text(DCM_PhotometricInterpretation, "MONOCHROME2");
  root.word(DCM_BitsAllocated, 16);
  root.word(DCM_BitsStored, 16);
  root.word(DCM_HighBit, 15);
  root.word(DCM_PixelRepresentation, 0);
  root.text(DCM_WindowCenter, decimal(std::round(scaling.centre * 1000) / 1000));
  root.text(DCM_WindowWidth, decimal(std::round(scaling.width * 1000) / 1000));
  if (scaling.as_is) return;
  root.text(DCM_RescaleIntercept, decimal(scaling.intercept));
  root.text(DCM_RescaleSlope, decimal(scaling.slope));
  root.text(DCM_RescaleType, "US");
}

void write_plane(Item root, const Layout& layout, std::size_t slice) {
  const Point position = sum(layout.origin, scaled(layout.slice_step, static_cast<double>(slice)));
  const Point normal = imaging::cross(layout.row_direction, layout.column_direction);
  const auto& r = layout.row_direction;
  const auto& c = layout.column_direction;
  root.decimals(DCM_ImagePositionPatient, position);
  root.decimals(DCM_ImageOrientationPatient, std::array{r[0], r[1], r[2], c[0], c[1], c[2]});
  root.decimals(DCM_PixelSpacing, std::array{layout.row_spacing, layout.column_spacing});
  root.text(DCM_SliceThickness, decimal(layout.slice_spacing));
  root.text(DCM_SpacingBetweenSlices, decimal(layout.slice_spacing));
  root.text(DCM_SliceLocation, decimal(imaging::dot(position, normal)));
  root.word(DCM_Rows, static_cast<std::uint16_t>(layout.count[1]));
  root.word(DCM_Columns, static_cast<std::uint16_t>(layout.count[2]));
}

std::vector<std::uint16_t> pixels_of(const imaging::Volume<float>& volume, const Walk& walk, const Layout& layout,
                                     const Scaling& scaling, std::size_t slice) {
  std::vector<std::uint16_t> pixels;
  pixels.reserve(layout.count[1] * layout.count[2]);
  std::array<std::size_t, 3> at{};
  const auto place = [&](int i, std::size_t k) { at[walk.axis[i]] = walk.backwards[i] ? layout.count[i] - 1 - k : k; };
  place(0, slice);
  for (std::size_t row = 0; row < layout.count[1]; ++row) {
    place(1, row);
    for (std::size_t column = 0; column < layout.count[2]; ++column) {
      place(2, column);
      pixels.push_back(scaling.stored(volume(at[0], at[1], at[2])));
    }
  }
  return pixels;
}

}  // namespace

Result<std::vector<Object>> dicomize(const imaging::Volume<float>& volume, const DicomizeOptions& options) {
  CHECK_OK(check(volume, options));
  Affine lps = volume.grid.to_world;
  for (int i = 0; i < 4; ++i) lps.set_column(i, imaging::flip_xy(lps.column(i)));
  const Walk walk = plan(lps, options.plane);
  const Layout layout = TRY(lay_out(volume.grid, lps, walk));
  const Scaling scaling = scaling_of(volume.voxels);
  const Uids uids = name(volume, options);

  std::vector<Object> made;
  for (std::size_t slice = 0; slice < layout.count[0]; ++slice) {
    Document document;
    Item root = document.root();
    const auto number = std::to_string(slice + 1);
    root.text(DCM_SOPClassUID, UID_MRImageStorage);
    root.text(DCM_SOPInstanceUID, uid_from({uids.series, number}));
    root.text(DCM_InstanceCreationDate, options.study_date);
    root.text(DCM_InstanceCreationTime, options.study_time);
    write_study(root, options, uids);
    write_series(root, options, uids);
    root.text(DCM_InstanceNumber, number);
    write_image(root, options, scaling);
    write_plane(root, layout, slice);
    root.words(DCM_PixelData, pixels_of(volume, walk, layout, scaling, slice));
    made.push_back(TRY(document.finish()));
  }
  return made;
}

}  // namespace larmor::dicom

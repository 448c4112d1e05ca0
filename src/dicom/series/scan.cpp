#include "dicom/series/scan.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

#include <cmath>
#include <set>

#include "base/text.h"
#include "dicom/codec/silence.h"

namespace larmor::dicom {
namespace {

constexpr std::size_t kMostFiles = 20'000;
constexpr unsigned long kMostFrames = 20'000;

std::string text(DcmItem& item, const DcmTagKey& tag) {
  OFString value;
  if (item.findAndGetOFStringArray(tag, value).bad()) return "";
  return std::string(trim(std::string_view(value.data(), value.size())));
}

std::optional<double> number(DcmItem& item, const DcmTagKey& tag, unsigned long at = 0) {
  Float64 value = 0;
  if (item.findAndGetFloat64(tag, value, at).bad() || !std::isfinite(value)) return std::nullopt;
  return value;
}

int whole(DcmItem& item, const DcmTagKey& tag) {
  long value = 0;  // any of US, SS, UL, SL, IS
  if (item.findAndGetLongInt(tag, value).bad()) return 0;
  return value >= std::numeric_limits<int>::min() && value <= std::numeric_limits<int>::max() ? int(value) : 0;
}

template <std::size_t n>
std::optional<std::array<double, n>> numbers(DcmItem& item, const DcmTagKey& tag) {
  std::array<double, n> out;
  for (std::size_t i = 0; i < n; ++i) {
    const auto v = number(item, tag, i);
    if (!v) return std::nullopt;
    out[i] = *v;
  }
  return out;
}

/// The first item of a sequence, or null.
DcmItem* inside(DcmItem* item, const DcmTagKey& sequence, long at = 0) {
  DcmItem* found = nullptr;
  if (item) item->findAndGetSequenceItem(sequence, found, at);
  return found;
}

std::string frame_kind(const std::vector<std::string>& image_type) {
  // Philips writes M_FFE\M\FFE, Siemens M\NORM, GE nothing of the kind: the first known letter counts.
  for (const auto& word : image_type)
    for (const auto* kind : {"M", "P", "R", "I", "PHASE", "PHASE MAP", "REAL", "IMAGINARY", "VELOCITY"})
      if (word == kind) return word == "M" ? "" : word;
  return "";
}

void read_geometry(FrameHeader& f, DcmItem& position, DcmItem& orientation, DcmItem& measures) {
  f.position = numbers<3>(position, DCM_ImagePositionPatient);
  f.orientation = numbers<6>(orientation, DCM_ImageOrientationPatient);
  f.spacing = numbers<2>(measures, DCM_PixelSpacing);
  f.thickness = number(measures, DCM_SliceThickness).value_or(0);
}

/// The functional group's item of this frame, else the one that all frames share (PS3.3 C.7.6.16).
struct Groups {
  DcmItem* shared;
  DcmItem* frame;
  DcmItem* operator()(const DcmTagKey& sequence) const {
    DcmItem* own = inside(frame, sequence);
    return own ? own : inside(shared, sequence);
  }
};

FrameHeader read_frame(const Groups& group, int number_of_frame) {
  FrameHeader f;
  f.number = number_of_frame;
  DcmItem none;
  const auto or_none = [&](DcmItem* item) -> DcmItem& { return item ? *item : none; };
  read_geometry(f, or_none(group(DCM_PlanePositionSequence)), or_none(group(DCM_PlaneOrientationSequence)),
                or_none(group(DCM_PixelMeasuresSequence)));
  if (auto* values = group(DCM_PixelValueTransformationSequence)) {
    f.slope = number(*values, DCM_RescaleSlope).value_or(1);
    f.intercept = number(*values, DCM_RescaleIntercept).value_or(0);
  }
  if (auto* echo = group(DCM_MREchoSequence)) f.echo_time_ms = number(*echo, DCM_EffectiveEchoTime).value_or(0);
  if (auto* diffusion = group(DCM_MRDiffusionSequence)) f.b_value = number(*diffusion, DCM_DiffusionBValue).value_or(0);
  if (auto* content = group(DCM_FrameContentSequence)) f.time_point = whole(*content, DCM_TemporalPositionIndex);
  if (auto* type = group(DCM_MRImageFrameTypeSequence)) {
    f.kind = frame_kind(split(text(*type, DCM_FrameType), '\\'));
    const auto complex = text(*type, DCM_ComplexImageComponent);
    if (!complex.empty() && complex != "MAGNITUDE") f.kind = complex;
  }
  return f;
}

/// Siemens XA writes what its classic images say in Image Type (NORM: evenly lit) into a private group of each frame.
void read_siemens_words(DcmItem* frame, ImageHeader& h) {
  DcmItem* inner = inside(frame, DcmTagKey(0x0021, 0x11fe));
  if (!inner) return;
  for (const auto& word : split(text(*inner, DcmTagKey(0x0021, 0x1175)), '\\'))
    if (std::find(h.image_type.begin(), h.image_type.end(), word) == h.image_type.end()) h.image_type.push_back(word);
}

void read_frames(DcmDataset& d, ImageHeader& h) {
  const int frames = whole(d, DCM_NumberOfFrames);
  DcmSequenceOfItems* each = nullptr;
  d.findAndGetSequence(DCM_PerFrameFunctionalGroupsSequence, each);
  if (each) {
    h.multiframe = true;
    DcmItem* shared = inside(&d, DCM_SharedFunctionalGroupsSequence);
    const auto n = std::min<unsigned long>({each->card(), kMostFrames, frames > 0 ? (unsigned long)frames : 0UL});
    // Sequences of DCMTK are lists: walking with nextInContainer keeps this linear.
    DcmObject* item = nullptr;
    for (unsigned long i = 0; i < n; ++i) {
      item = each->nextInContainer(item);
      if (!item) break;
      if (i == 0) read_siemens_words(static_cast<DcmItem*>(item), h);
      h.frames.push_back(read_frame({shared, static_cast<DcmItem*>(item)}, int(i) + 1));
    }
    return;
  }
  FrameHeader f;
  read_geometry(f, d, d, d);
  f.slope = number(d, DCM_RescaleSlope).value_or(1);
  f.intercept = number(d, DCM_RescaleIntercept).value_or(0);
  f.echo_time_ms = h.echo_ms;
  f.b_value = number(d, DCM_DiffusionBValue).value_or(0);
  f.time_point = whole(d, DCM_TemporalPositionIdentifier);
  f.kind = frame_kind(h.image_type);
  if (frames <= 1) {
    h.frames.push_back(f);
    return;
  }
  // Frames without functional groups (old multiframe): there is no place for each of them.
  h.multiframe = true;
  f.position.reset();
  for (int i = 1; i <= std::min<int>(frames, int(kMostFrames)); ++i) {
    f.number = i;
    h.frames.push_back(f);
  }
}

/// Enhanced objects keep what classic ones have at the top in shared groups.
void read_enhanced_contrast(DcmDataset& d, ImageHeader& h) {
  DcmItem* shared = inside(&d, DCM_SharedFunctionalGroupsSequence);
  if (auto* timing = inside(shared, DCM_MRTimingAndRelatedParametersSequence)) {
    if (h.repetition_ms == 0) h.repetition_ms = number(*timing, DCM_RepetitionTime).value_or(0);
    if (h.flip_degrees == 0) h.flip_degrees = number(*timing, DCM_FlipAngle).value_or(0);
  }
  if (auto* echo = inside(shared, DCM_MREchoSequence); echo && h.echo_ms == 0)
    h.echo_ms = number(*echo, DCM_EffectiveEchoTime).value_or(0);
  if (auto* modifier = inside(shared, DCM_MRModifierSequence); modifier && h.inversion_ms == 0)
    h.inversion_ms = number(*modifier, DCM_InversionTimes).value_or(0);
  if (h.scanning_sequence.empty()) {
    const auto echo_sequence = text(d, DCM_EchoPulseSequence);
    h.scanning_sequence = echo_sequence == "SPIN" ? "SE" : echo_sequence == "GRADIENT" ? "GR" : echo_sequence;
    if (text(d, DCM_EchoPlanarPulseSequence) == "YES") h.scanning_sequence += "\\EP";
  }
  if (h.acquisition.empty()) h.acquisition = text(d, DCM_MRAcquisitionType);
}

void read_patient(DcmDataset& d, ImageHeader& h) {
  // Text in a character set that this machine cannot convert stays as it is; results copy theirs from the file anyway.
  SourcePatient p;
  p.id = text(d, DCM_PatientID);
  p.issuer = text(d, DCM_IssuerOfPatientID);
  p.name = text(d, DCM_PatientName);
  p.birth_date = text(d, DCM_PatientBirthDate);
  p.sex = text(d, DCM_PatientSex);
  p.age = text(d, DCM_PatientAge);
  p.size_m = text(d, DCM_PatientSize);
  p.weight_kg = text(d, DCM_PatientWeight);
  h.patient = Phi<SourcePatient>(std::move(p));
  h.about_study = {text(d, DCM_StudyDate),       text(d, DCM_StudyTime),        text(d, DCM_StudyID),
                   text(d, DCM_AccessionNumber), text(d, DCM_StudyDescription), text(d, DCM_ReferringPhysicianName)};
}

std::string first_of(const std::string& a, const std::string& b) {
  return a.empty() ? b : a;
}

}  // namespace

std::string series_name(const ImageHeader& h) {
  if (h.series_description.empty()) return fmt::format("series {}", h.series_number);
  return fmt::format("series {} '{}'", h.series_number, h.series_description);
}

Result<ImageHeader> read_image_header(const std::filesystem::path& path) {
  silence_dcmtk();
  DcmFileFormat file;
  const auto read =
      file.loadFileUntilTag(path.c_str(), EXS_Unknown, EGL_noChange, DCM_MaxReadLength, ERM_autoDetect, DCM_PixelData);
  DcmDataset& d = *file.getDataset();
  if (read.bad()) return fail(Code::corrupt, "{} is no readable DICOM file: {}", path.filename().string(), read.text());
  ImageHeader h;
  h.file = path;
  h.sop_class = SopClassUid(text(d, DCM_SOPClassUID));
  h.instance = SopUid(text(d, DCM_SOPInstanceUID));
  h.series = SeriesUid(text(d, DCM_SeriesInstanceUID));
  if (h.sop_class.empty() || h.instance.empty() || h.series.empty())
    return fail(Code::corrupt, "{} is no DICOM object: it has no SOP class, instance or series UID",
                path.filename().string());
  d.convertToUTF8();
  h.transfer_syntax = DcmXfer(d.getOriginalXfer()).getXferID();
  h.study = StudyUid(text(d, DCM_StudyInstanceUID));
  h.frame_of_reference = text(d, DCM_FrameOfReferenceUID);
  h.position_reference = text(d, DCM_PositionReferenceIndicator);
  read_patient(d, h);
  h.series_number = whole(d, DCM_SeriesNumber);
  h.instance_number = whole(d, DCM_InstanceNumber);
  h.modality = text(d, DCM_Modality);
  h.series_description = text(d, DCM_SeriesDescription);
  h.protocol = text(d, DCM_ProtocolName);
  h.sequence_name = first_of(text(d, DCM_SequenceName), text(d, DCM_PulseSequenceName));
  h.manufacturer = text(d, DCM_Manufacturer);
  h.model = text(d, DCM_ManufacturerModelName);
  h.body_part = text(d, DCM_BodyPartExamined);
  h.date = first_of(text(d, DCM_SeriesDate), text(d, DCM_AcquisitionDate));
  h.time = first_of(text(d, DCM_SeriesTime), text(d, DCM_AcquisitionTime));
  h.image_type = split(text(d, DCM_ImageType), '\\');
  h.scanning_sequence = text(d, DCM_ScanningSequence);
  h.acquisition = text(d, DCM_MRAcquisitionType);
  h.contrast_agent = text(d, DCM_ContrastBolusAgent);
  h.repetition_ms = number(d, DCM_RepetitionTime).value_or(0);
  h.echo_ms = number(d, DCM_EchoTime).value_or(0);
  h.inversion_ms = number(d, DCM_InversionTime).value_or(0);
  h.flip_degrees = number(d, DCM_FlipAngle).value_or(0);
  h.simulated = text(d, DcmTagKey(0x0008, 0x001C)) == "YES";
  h.field_t = number(d, DCM_MagneticFieldStrength).value_or(0);
  h.rows = std::uint32_t(std::max(0, whole(d, DCM_Rows)));
  h.columns = std::uint32_t(std::max(0, whole(d, DCM_Columns)));
  h.has_pixels = h.rows > 0 && h.columns > 0;
  h.samples = std::max(1, whole(d, DCM_SamplesPerPixel));
  h.photometric = text(d, DCM_PhotometricInterpretation);
  read_enhanced_contrast(d, h);
  read_frames(d, h);
  return h;
}

Result<Scanned> scan_folder(const std::filesystem::path& folder) {
  std::error_code wrong;
  std::vector<std::filesystem::path> files;
  // Links are not followed: a study's folder has no business outside itself.
  for (std::filesystem::recursive_directory_iterator it(folder, wrong), end; !wrong && it != end; it.increment(wrong)) {
    if (!it->is_regular_file(wrong)) continue;
    if (files.size() >= kMostFiles)
      return fail(Code::too_large, "{} holds more than {} files", folder.string(), kMostFiles);
    files.push_back(it->path());
  }
  if (wrong) return fail(Code::not_found, "cannot read the folder {}: {}", folder.string(), wrong.message());
  std::sort(files.begin(), files.end());

  Scanned out{.folder = folder};
  std::map<SeriesUid, SeriesImages> series;
  std::set<SopUid> seen;
  for (const auto& file : files) {
    auto header = read_image_header(file);
    if (!header) {
      ++out.other_files;
      continue;
    }
    if (!header->has_pixels) {
      ++out.without_pixels;
      continue;
    }
    if (!seen.insert(header->instance).second) continue;  // the same object twice
    auto& s = series[header->series];
    s.uid = header->series;
    s.images.push_back(std::move(*header));
  }
  for (auto& [uid, s] : series) out.series.push_back(std::move(s));
  std::stable_sort(out.series.begin(), out.series.end(), [](const SeriesImages& a, const SeriesImages& b) {
    return a.first().series_number < b.first().series_number;
  });
  return out;
}

}  // namespace larmor::dicom

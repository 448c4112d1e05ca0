#pragma once
/// What the headers of a study's files say, as far as it decides which images make a volume. Plain values.
#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "dicom/series/source.h"

namespace larmor::dicom {

/// One plane: the only one of a classic image, or one frame of a multiframe object.
struct FrameHeader {
  int number = 0;                   ///< 1-based in a multiframe object, 0 in a classic image
  std::optional<Vector3> position;  ///< Image Position (Patient)
  std::optional<std::array<double, 6>> orientation;
  std::optional<std::array<double, 2>> spacing;  ///< between rows, between columns
  double thickness = 0;
  double slope = 1, intercept = 0;       ///< of the stored values
  double echo_time_ms = 0, b_value = 0;  ///< 0 where the frame does not say
  int time_point = 0;
  std::string kind;  ///< fourth value of the frame's type or image type: M, P, R, I, ...
};

/// One file.
struct ImageHeader {
  std::filesystem::path file;
  std::string transfer_syntax;
  SopClassUid sop_class;
  SopUid instance;
  StudyUid study;
  SeriesUid series;
  std::string frame_of_reference, position_reference;
  Phi<SourcePatient> patient;
  SourceStudy about_study;
  int series_number = 0, instance_number = 0;
  std::string modality, series_description, protocol, sequence_name, manufacturer, model, body_part, date, time;
  std::vector<std::string> image_type;
  std::string scanning_sequence;  ///< GR, SE, IR, EP, joined by a backslash
  std::string acquisition;        ///< 2D or 3D
  std::string contrast_agent;
  double repetition_ms = 0, echo_ms = 0, inversion_ms = 0, flip_degrees = 0;
  double field_t = 0;  ///< Magnetic Field Strength, tesla; 0 where it is not said
  bool multiframe = false;
  bool simulated = false;  ///< Synthetic Data (PS3.3 C.12.1) says YES
  bool has_pixels = false;
  std::uint32_t rows = 0, columns = 0;
  int samples = 1;
  std::string photometric;
  std::vector<FrameHeader> frames;
};

/// The files of one series, in the order in which they were found.
struct SeriesImages {
  SeriesUid uid;
  std::vector<ImageHeader> images;
  const ImageHeader& first() const { return images.front(); }
};

/// "series 3 'Sag MPRAGE'"
std::string series_name(const ImageHeader&);

}  // namespace larmor::dicom

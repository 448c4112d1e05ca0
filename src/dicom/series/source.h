#pragma once
/// Where a volume came from: the DICOM series behind it, image by image, as far as results have to point back at it.
///
/// Plain values, no DICOM library. Lengths in mm; positions and directions in DICOM's patient frame (LPS+: left,
/// posterior, superior; PS3.3 C.7.6.2.1.1). What is not listed here can be read from `example`. The volume of this
/// series has the shape (slices, rows, columns), last index fastest, so that `slices[k]` describes `volume(k, row,
/// column)` and a label volume of that shape is, slice by slice, the pixel data of a segmentation.
#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/id.h"
#include "base/phi.h"

namespace larmor::dicom {

using Vector3 = std::array<double, 3>;

/// One plane of the volume: one image of a classic series, or one frame of a multiframe object.
struct SourceSlice {
  SopClassUid sop_class;
  SopUid instance;
  int frame = 0;               ///< 1-based frame number in a multiframe object; 0 in a classic image
  Vector3 position{};          ///< Image Position (Patient): centre of the first voxel
  std::filesystem::path file;  ///< where it was read from
};

/// Attributes of the patient that results must repeat, in UTF-8; empty where the source has none.
struct SourcePatient {
  std::string id, issuer, name, birth_date, sex, age;  ///< as written: birth date YYYYMMDD, age like 042Y
  std::string size_m, weight_kg;
};

/// Attributes of the study that results must repeat, in UTF-8; dates and times as written (no time zone is applied).
struct SourceStudy {
  std::string date, time, id, accession, description, referring_physician;
};

struct SourceSeries {
  StudyUid study;
  SeriesUid series;
  std::string frame_of_reference;  ///< UID; shared by all slices
  std::string position_reference;  ///< Position Reference Indicator, may be empty
  Phi<SourcePatient> patient;
  SourceStudy about_study;
  int number = 0;  ///< Series Number
  std::string description, modality, manufacturer, model, protocol, body_part;
  std::string date, time;  ///< of the series, else of the acquisition
  bool multiframe = false;
  bool simulated = false;       ///< the images say that they are made up, wholly or in part
  bool contrast_agent = false;  ///< by its attribute, or by the names that people give

  std::uint32_t rows = 0, columns = 0;
  Vector3 row_direction{};     ///< unit vector along which the column index grows (first half of Image Orientation)
  Vector3 column_direction{};  ///< unit vector along which the row index grows (second half)
  Vector3 slice_direction{};   ///< unit vector along which the slice index grows: row x column direction
  double column_spacing = 0;   ///< mm between columns (second value of Pixel Spacing)
  double row_spacing = 0;      ///< mm between rows (first value of Pixel Spacing)
  double slice_spacing = 0;    ///< mm between slice centres, measured from the positions
  double slice_thickness = 0;  ///< as written; 0 if absent

  std::vector<SourceSlice> slices;  ///< ascending along slice_direction; slices[0] holds volume(0, ., .)
  std::filesystem::path example;    ///< the first slice's file: everything else is in there
};

}  // namespace larmor::dicom

#pragma once
/// Makes a classic MR series of a volume that came from a NIfTI file, so that a head without DICOM can travel as a
/// study.
///
/// Honest about it: ImageType says DERIVED unless the caller knows that the voxels are as acquired, the derivation is
/// written out, and what the file does not tell (echo time, sequence) stays empty or "research mode". Voxels are not
/// resampled: index axes are only swapped and turned into the usual viewing order. RAS+ becomes LPS+. Whole numbers
/// from 0 to 65535 are stored as they are; everything else is scaled linearly to 16 bits, with Rescale Slope and
/// Intercept leading back. UIDs are a function of the voxels, the place and the options.
/// Pure; any thread. Failures: `invalid` (names the option), `unsupported` (a sheared volume, which DICOM planes cannot
/// say).
#include <optional>
#include <vector>

#include "base/phi.h"
#include "base/result.h"
#include "dicom/objects/object.h"
#include "imaging/volume.h"

namespace larmor::dicom {

enum class ViewPlane { native, axial, sagittal, coronal };  ///< native: the plane of the volume's slowest index

struct DicomizePatient {
  std::string name = "Anonymous^", id = "ANON";  ///< UTF-8
  std::string birth_date, sex, age;              ///< YYYYMMDD; M, F or O; like 042Y; empty: unknown
};

struct DicomizeOptions {
  Phi<DicomizePatient> patient;
  std::string study_uid;  ///< empty: made from the content; give it to put a series into a study
  std::string study_date = "20000101", study_time = "120000";
  std::string study_description = "MR head", study_id = "1", accession;
  std::string series_description = "T1 3D", protocol = "T1 3D";
  int series_number = 1;
  std::string body_part = "HEAD";
  std::string scanning_sequence = "RM";  ///< PS3.3 C.8.3.1.1.1; RM, research mode, claims nothing
  std::string sequence_variant = "NONE";
  std::optional<double> repetition_time_ms, echo_time_ms, inversion_time_ms, flip_angle_deg, field_strength_t;
  bool original = false;  ///< the voxels are as a scanner reconstructed them
  std::string derivation = "Converted from a NIfTI file";
  /// What of the head is made up, "a loss of 1.5 %"; empty: nothing. Stands in Synthetic Data (PS3.3 C.12.1), in the
  /// derivation, in the comments, and behind the study's description, which every result repeats.
  std::string simulated;
  std::string seed;  ///< another seed, other UIDs
  ViewPlane plane = ViewPlane::native;
};

/// One object per slice, InstanceNumber from 1, ascending along the slice normal.
Result<std::vector<Object>> dicomize(const imaging::Volume<float>&, const DicomizeOptions&);

}  // namespace larmor::dicom

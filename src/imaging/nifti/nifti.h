#pragma once
/// NIfTI-1 images (.nii, .nii.gz), read and written. Format: https://nifti.nimh.nih.gov/nifti-1, header nifti1.h.
///
/// Reading takes one byte stream from front to back and trusts nothing in it: sizes are bounded before memory is taken.
/// Failures: `corrupt` (not NIfTI, truncated), `unsupported` (understood, but not a single real-valued volume),
/// `too_large`.
#include <filesystem>

#include "base/bytes.h"
#include "imaging/volume.h"

namespace larmor::imaging::nifti {

struct Image {
  Volume<float> volume;           ///< indices (k, j, i), scl_slope and scl_inter applied, place in mm
  bool orientation_known = true;  ///< false: the file has neither sform nor qform, so nobody can tell left from right
  std::string description;        ///< of the header (descrip): what the writer says of the image
};

/// The stream is the uncompressed file.
Result<Image> read(ByteSource&);
/// Plain or gzip, whatever the name.
Result<Image> read_file(const std::filesystem::path&);

/// Any grid: with a name that ends in .gz it is compressed. Replaces the file only when all of it is written.
Result<void> write_file(const std::filesystem::path&, const Volume<std::uint8_t>&);
Result<void> write_file(const std::filesystem::path&, const Volume<float>&, std::string_view description = {});

}  // namespace larmor::imaging::nifti

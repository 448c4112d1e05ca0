#pragma once
/// Reads the headers of the DICOM files in a folder. Pixels stay on the disk.
///
/// Files that are no DICOM, and DICOM objects without pixels, are passed over and counted: a study holds reports as
/// well. Failures: `not_found` (no such folder), `too_large` (more than 20,000 files).
#include "base/result.h"
#include "dicom/series/image.h"

namespace larmor::dicom {

struct Scanned {
  std::filesystem::path folder;
  std::vector<SeriesImages> series;  ///< ordered by series number, then UID
  std::size_t other_files = 0;       ///< no DICOM, or damaged
  std::size_t without_pixels = 0;    ///< reports, presentation states ...
};

Result<Scanned> scan_folder(const std::filesystem::path&);
/// `corrupt` where the file is no DICOM or damaged.
Result<ImageHeader> read_image_header(const std::filesystem::path&);

}  // namespace larmor::dicom

#pragma once
/// From a folder of DICOM files to one volume, with all that results need to point back at it.
///
/// Failures: those of scan.h, geometry.h, choose.h and pixels.h; every refusal names the series and the reason.
#include "dicom/series/choose.h"
#include "dicom/series/scan.h"
#include "imaging/volume.h"

namespace larmor::dicom {

struct LoadedSeries {
  SourceSeries source;
  imaging::Volume<float> volume;  ///< (slice, row, column)
  std::string reason;             ///< why this series
};

/// The T1-weighted head of the study in that folder, or of one that has been scanned.
Result<LoadedSeries> load_t1(const std::filesystem::path&);
Result<LoadedSeries> load_t1(const Scanned&);
/// Its FLAIR; nothing where it has none.
Result<std::optional<LoadedSeries>> load_flair(const Scanned&);
/// Reads the pixels of a stack.
Result<imaging::Volume<float>> load_volume(const SeriesImages&, const Stack&);

}  // namespace larmor::dicom

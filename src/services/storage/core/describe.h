#pragma once
/// What the index and the event say about an object, read from its header. Pure.
#include <optional>

#include "dicom/data/scan.h"
#include "services/storage/storage.h"

namespace larmor::storage {

struct Described {
  InstanceRow instance;
  SeriesRow series;
  StudyRow study;
  std::string modality;
  std::optional<double> position_mm;  ///< of the slice along its normal (PS3.3 C.7.6.2.1.1)
  std::string orientation;            ///< (0020,0037) as sent
  /// What is only asked for by the information model (dicom/query), as a set in DICOM JSON; empty for none.
  std::string more_of_study, more_of_series;
  std::int64_t rows = 0, columns = 0, bits_allocated = 0;  ///< 0 where there are no pixels
};

/// Scans the first bytes of a Part 10 file. `corrupt` when it is no DICOM file, or names no study, series or instance;
/// anything else that is missing or damaged is no reason to refuse it.
Result<Described> describe(Bytes front, std::uint64_t size, std::string digest);

}  // namespace larmor::storage

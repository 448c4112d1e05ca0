#pragma once
/// Studies in storage as the choice of a prior needs them: one header a series is read, no pixels.
///
/// Failures: storage's own. A series whose header cannot be read is no error: it is unfit, with the reason.
#include <filesystem>

#include "dicom/series/image.h"
#include "services/events/events.h"
#include "services/processing/core/priors.h"
#include "services/storage/storage.h"

namespace larmor::processing {

inline constexpr std::string_view kStorage = "storage";  ///< Scan::where

/// What a header tells of its series. `images`: how many the series has; 0 where nobody says.
Scan scan_of(const dicom::ImageHeader&, std::int64_t images, std::string_view where);

/// The MR series of the study that Larmor did not make itself. `scratch`: a folder for a header at a time.
Result<std::vector<Scan>> scans_of(storage::Storage&, events::EventLog&, const StudyUid&,
                                   const std::filesystem::path& scratch);

/// Series of the patient's other studies with MR, the latest studies first, at most `most_studies`. Of a study that is
/// another patient's, or without a head, one entry that says so.
Result<std::vector<Scan>> earlier_in_storage(storage::Storage&, events::EventLog&, const Scan& now,
                                             const std::filesystem::path& scratch, std::size_t most_studies);

/// The series of `study` that fit; where none does, the study itself with the reasons, and nothing where it has none.
std::vector<Scan> fitting(Scan study, std::vector<Scan> series);

}  // namespace larmor::processing

#pragma once
/// The FLAIR beside a T1: where it is found, and the lesions that it shows.
///
/// A FLAIR that cannot be used is no failure of the study: what is told then holds the reason.
#include <filesystem>
#include <optional>

#include "dicom/objects/seg.h"
#include "dicom/series/scan.h"
#include "services/processing/brain/findings.h"
#include "services/processing/brain/lesions.h"

namespace larmor::processing::brain {

/// One visit: what was analysed, and the FLAIR that somebody named (NIfTI file or DICOM folder). Where nobody did, it
/// is looked for among the series of the study.
struct Visit {
  const dicom::Scanned* study;  ///< null for a NIfTI file
  const std::filesystem::path& flair;
  const Findings& found;
};

struct FlairFindings {
  Json told;  ///< to_json(Lesions) with "series" and, with a prior, "change"; {"refused": why}; null where no FLAIR is
  imaging::Volume<std::uint8_t> lesions{};  ///< 1 lesion, 2 new, 3 grown; on the T1's 1 mm grid; empty: not measured
  imaging::Volume<float> image{};  ///< on that grid; normal white matter is 1; empty where nothing was measured
  std::optional<double> ml{};      ///< of all lesions; absent where nothing was measured
  std::string words{};             ///< for people, one or two sentences; empty where no FLAIR is
};

/// What the voxels of the lesions mean.
std::span<const dicom::FindingKind> kinds_of_lesions();

/// `prior`: null where there is none that is comparable.
FlairFindings read_flair(const Visit& now, const Visit* prior, int threads);

}  // namespace larmor::processing::brain

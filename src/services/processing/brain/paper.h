#pragma once
/// The page and the pictures that go with the findings.
///
/// Failures: those of report/report.h.
#include "dicom/series/source.h"
#include "report/report.h"
#include "services/processing/brain/findings.h"
#include "services/processing/brain/prior.h"

namespace larmor::processing::brain {

struct Sheet {
  std::string name;  ///< "page", "axial", "coronal", "sagittal", "change"
  report::Picture picture;
  std::string png;
  bool names_patient = false;
};

struct Paper {
  std::string pdf;
  std::vector<Sheet> sheets;
};

/// `source` is null where the head came from a file that knows no patient, `since` where there was no prior; `lesions`
/// is empty where there was no FLAIR.
Result<Paper> make_paper(const Findings&, const imaging::Grid& input, const dicom::SourceSeries* source,
                         const Comparison* since, const std::string& lesions, int threads);

}  // namespace larmor::processing::brain

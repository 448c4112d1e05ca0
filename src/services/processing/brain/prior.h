#pragma once
/// An earlier scan of the same person beside the one at hand: may the two be compared, and what came of it.
///
/// Pure. A prior that cannot be used is no failure of the study: the findings then hold the reason.
#include "dicom/series/source.h"
#include "services/processing/brain/ageing.h"
#include "services/processing/brain/change.h"
#include "services/processing/brain/findings.h"

namespace larmor::processing::brain {

/// One head with what is known of how it was scanned.
struct Scanned {
  const Findings& found;
  const imaging::Grid& grid;          ///< the file's own
  const dicom::SourceSeries* source;  ///< null for a file that knows no patient
};

/// What came of the prior: numbers with a verdict, or the reason why there are none. From here JSON, page, report and
/// map are made.
struct Comparison {
  std::string refused;  ///< why the two were not compared; empty: they were
  Change change;
  Ageing ageing;
  std::vector<std::string> warnings;          ///< parts of sentences
  std::optional<imaging::Grid> grid;          ///< the prior's own; absent where it could not be read
  std::optional<dicom::SourceSeries> source;  ///< the prior's; absent for a file that knows no patient
  bool simulated = false;                     ///< the prior is made up
};

/// Years between two dates, YYYYMMDD; nothing where one is no date, or they are less than a day apart.
std::optional<double> years_between(const std::string& earlier, const std::string& later);

/// `years` goes before the studies' dates.
Comparison compare_with_prior(const Scanned& prior, const Scanned& now, std::optional<double> years, int threads);

/// What `change` of the findings holds: measure_change's numbers with warnings and ageing, or {"refused": why}.
Json to_json(const Comparison&);

}  // namespace larmor::processing::brain

#pragma once
/// Which earlier scan of the patient is compared with the one at hand, and why none of the others.
///
/// Pure. What is told holds no date, name or number of a patient: it ends in the event log.
#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "base/id.h"
#include "base/json.h"
#include "base/phi.h"
#include "services/processing/core/identity.h"

namespace larmor::processing {

/// One series, as far as its headers, or the archive, tell. A study that was not looked into has no series.
struct Scan {
  StudyUid study;
  SeriesUid series;
  std::string where;  ///< "storage", or the archive's name
  bool here = true;   ///< in storage by now
  Phi<Identity> patient;
  std::optional<std::chrono::sys_days> day;  ///< of the study
  std::string name;                          ///< "series 3 'Sag MPRAGE'"
  std::string unfit;                         ///< why it is no T1-weighted head, "is FLAIR"; empty: it may be one
  bool t1 = false;                           ///< by its name or its timing
  std::optional<bool> derived, agent;        ///< computed from other images; with contrast agent
  std::string model;                         ///< of the scanner
  double field_t = 0;                        ///< tesla; 0: not known
  std::array<double, 3> mm{};                ///< size of a voxel; 0: not known
};

/// Which of the series of the study at hand a brain will be measured on: the order is that of dicom/series/choose.h.
/// Nothing where none fits.
std::optional<std::size_t> best_t1(const std::vector<Scan>&);

struct Considered {
  Scan scan;
  std::optional<int> months;  ///< before the study at hand
  std::string why_not;        ///< "has another birth date"; empty for the chosen one
};

struct Choice {
  std::vector<Considered> considered;  ///< in the order given
  std::optional<std::size_t> chosen;   ///< index into it
  std::string why;                     ///< what the chosen one has in common with the scan at hand
};

/// The patient must be the same, the study at least 90 days earlier, and the series a T1-weighted head, derived only
/// where the scan at hand is. Of those the one most alike: contrast agent, scanner, field strength, voxels, in this
/// order, then the latest. What is not known counts between like and unlike, and as like in a scan that is not here
/// yet.
Choice choose_prior(const Scan& now, const std::vector<Scan>& earlier);

/// "14 months earlier"
std::string months_in_words(const std::optional<int>& months);

/// {words, chosen: {study, series, where, months_earlier, why}, considered: [{study, series, where, months_earlier,
/// why_not}]}; `chosen` is absent where there is none. `troubles`: what kept the search from being whole.
Json to_json(const Choice&, const std::vector<std::string>& troubles);

}  // namespace larmor::processing

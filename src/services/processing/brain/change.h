#pragma once
/// How much a brain has changed between two scans of one person.
///
/// Both heads are sampled halfway between them; what still differs in shape is measured as a displacement whose
/// Jacobian is integrated over each structure, in both directions (Jacobian integration; Boyes et al., NeuroImage
/// 2006;32:159). Percents are of the mean of the two volumes, so that swapping the scans flips the sign exactly.
/// Method, figures, and what was worse: docs/decisions/2026-11-26-change-between-two-scans.md. Pure. Failures:
/// `unsupported` (two different people, or heads that do not come together; the measured reason is in the words),
/// `invalid` (no brain).
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/json.h"
#include "imaging/deformation.h"
#include "imaging/registration.h"

namespace larmor::processing::brain {

/// Picture and labels on one grid near 1 mm, RAS, white matter near 1: as in Findings.
struct Scan {
  const imaging::Volume<float>& picture;
  const imaging::Volume<std::uint8_t>& labels;
};

/// What is compared: "brain", "ventricles", "hippocampi", "cortex".
struct Group {
  const char* name;
  bool (*holds)(int id);  ///< FreeSurfer's
  double error;           ///< percent: standard deviation, from simulated visits
};
std::span<const Group> compared_groups();

struct Changed {
  std::string name;  ///< "brain", "ventricles", "hippocampi", "cortex"
  double first_ml = 0, second_ml = 0;
  double percent = 0;           ///< of the mean of the two; negative is loss
  double percent_of_first = 0;  ///< as is usual elsewhere
  double error = 0;             ///< standard deviation of `percent`, from simulated visits
};

struct Change {
  std::vector<Changed> structures;  ///< in the order brain, ventricles, hippocampi, cortex
  imaging::Registration registration;
  double residual = 0;                   ///< root mean square of what brightness still differs, of white matter's
  std::optional<double> years;           ///< between the scans, if known
  imaging::Shift shift;                  ///< mm, on the halfway grid: what is at m is at m + shift/2 in the second scan
  imaging::Volume<float> local_percent;  ///< on that grid: of the mean of both volumes; 0 beyond 2 mm around the brain
};

/// `first` is the earlier scan.
Result<Change> measure_change(const Scan& first, const Scan& second, std::optional<double> years, int threads);

/// `local_percent` as it lies in the second scan, on any grid in that scan's mm: the displacement is followed back to
/// where it was measured. 0 where nothing was.
imaging::Volume<float> change_map(const Change&, const imaging::Grid& target, int threads);

/// {pbvc_percent, pbvc_percent_of_first, error_percent, interval_years, per_year_percent, structures: [...],
/// registration: {...}, method}
Json to_json(const Change&);

}  // namespace larmor::processing::brain

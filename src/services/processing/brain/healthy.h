#pragma once
/// The findings of one head compared with healthy people, and the indices that need no norm.
///
/// Plain values; pure but for the tables. Failures: those of norms.h.
#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "services/processing/brain/norms.h"
#include "services/processing/brain/person.h"

namespace larmor::processing::brain {

struct Findings;

/// A structure or a sum that the norm knows.
struct Compared {
  int id = 0;        ///< FreeSurfer's; 0 for a sum
  std::string name;  ///< "left hippocampus", "brain"
  double ml = 0;
  Standing standing;
  std::optional<Band> second;
};

/// The norm over age for a person of this sex and head size.
struct Curves {
  int id = 0;  ///< as in Compared
  std::string name;
  bool on_page = false;                     ///< the report has room for a few
  std::vector<double> ages;                 ///< years
  std::array<std::vector<double>, 5> ml;    ///< 5th, 25th, 50th, 75th and 95th centile, as Larmor would measure
  double age = 0, point_ml = 0, error = 0;  ///< the person; the standard deviation of point_ml's logarithm
};

struct Healthy {
  Person person;
  std::string none_because;  ///< why there are no centiles; empty: there are
  std::vector<Compared> compared;
  std::vector<Curves> curves;  ///< one of each in `compared`
  std::string method;
  // Indices, whoever the person is; nothing where a part was not found.
  std::optional<double> brain_fraction;         ///< brain without ventricles, of the intracranial volume
  std::optional<double> ventricle_ratio;        ///< ventricles over brain
  std::optional<double> hippocampal_asymmetry;  ///< 100 (L - R) / mean(L, R), percent
  std::optional<double> ventricular_asymmetry;  ///< of the lateral ventricles with their inferior horns
};

/// `tables` is the folder of nomis.csv. Without tables there are no centiles, with that reason.
Result<Healthy> compare_with_healthy(const Findings&, const Person&, const std::filesystem::path& tables);

/// {age, sex, notes, none_because | structures: [{id, name, ml, expected_ml, fifth_ml, ninety_fifth_ml, z, z_error,
/// centile, low, high, second}], indices, method}
Json to_json(const Healthy&);

/// The norm over age, too long for the event that tells the findings: {ages, centiles: [5, 25, 50, 75, 95], structures:
/// [{id, name, ml: one list a centile}]}
Json curves_json(const Healthy&);

/// "34", "<1", ">99": a centile as people write it.
std::string centile_words(double centile);

}  // namespace larmor::processing::brain

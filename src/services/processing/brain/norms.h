#pragma once
/// Where a volume stands among healthy adults of the same age, sex and head size.
///
/// The norm is NOMIS (Potvin, Dieumegarde and Duchesne 2021, doi 10.1101/2021.01.25.428063): a regression of volumes
/// that FreeSurfer 6 measured in 6909 healthy adults of 18 to 100 years; the residuals are taken as normal, those of
/// ventricles after log10. Larmor's volumes are first turned into FreeSurfer's by a factor per structure, whose error
/// widens every centile. The second opinion is NiChart's table of centiles by age and sex. How, and how well:
/// docs/decisions/2026-11-26-norms.md. Immutable after load(); any thread. Failures: `not_found` (no tables),
/// `corrupt` (a table that is none).
#include <array>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "services/processing/brain/person.h"

namespace larmor::processing::brain {

inline constexpr double kNinetyFifth = 1.6449;          ///< z of that centile
inline constexpr double kYoungest = 18, kEldest = 100;  ///< years, of the adults behind NOMIS

/// The person on whom all norms depend.
struct Reference {
  double age = 0;  ///< years
  Sex sex = Sex::female;
  double intracranial_ml = 0;  ///< Larmor's
};

/// One row of nomis.csv.
struct Norm {
  int id = 0;        ///< FreeSurfer's; 0 for a sum
  std::string name;  ///< as in calibration.csv: without the side
  bool logarithmic = false;
  double intercept = 0;
  std::array<double, 10> terms{};  ///< age, age2, age3, etiv, etiv2, etiv3, sex, age x sex, age x etiv, etiv x sex
  double scanner = 0, scanner_sd = 0;
  double mse = 0;
};

struct Calibration {
  double ratio = 1;  ///< FreeSurfer's volume over Larmor's
  double error = 0;  ///< standard deviation of its logarithm, in one scan
};

struct Standing {
  double expected_ml = 0;                    ///< the norm's middle, as Larmor would measure it
  double fifth_ml = 0, ninety_fifth_ml = 0;  ///< the volumes at these centiles
  double z = 0, z_error = 0;
  double centile = 0, low = 0, high = 0;  ///< of z, z - z_error and z + z_error; 0 to 100
};

/// Between which of NiChart's centiles (0, 5, 25, 50, 75, 95, 100) a volume lies; it knows no head size.
struct Band {
  int low = 0, high = 100;
};

class Norms {
 public:
  /// Reads nomis.csv, calibration.csv and nichart.csv.
  static Result<Norms> load(const std::filesystem::path& folder);

  /// Why nobody can be compared, in words; nothing if they can.
  std::optional<std::string> why_none(const Person&, double intracranial_ml) const;
  /// The row of a structure, or of a sum by its name with id 0; null where the norm has none.
  const Norm* find(int id, std::string_view name = {}) const;
  /// The arguments must have passed why_none().
  Standing stand(const Norm&, double ml, const Reference&) const;
  /// The volume with that z, as Larmor would measure it.
  double volume_at(const Norm&, double z, const Reference&) const;
  /// Standard deviation of the logarithm of one volume, from turning it into FreeSurfer's.
  double error_of(const Norm& norm) const { return calibration(norm.name).error; }
  /// `full_name` is with its side: "left hippocampus". Nothing where the table has no such age or structure.
  std::optional<Band> second_opinion(const Norm&, const std::string& full_name, double ml, const Reference&) const;
  /// The version of the network whose volumes were calibrated.
  const std::string& calibrated() const { return calibrated_; }

 private:
  struct AgeRow {
    double age = 0;
    std::array<double, 5> ml{};
  };
  const Calibration& calibration(const std::string& name) const { return calibrations_.at(name); }
  /// Expected value in the norm's own unit, for a head size of FreeSurfer's.
  double predict(const Norm&, double age, Sex, double etiv_mm3) const;
  double etiv_mm3(double intracranial_ml) const;

  std::vector<Norm> norms_;
  std::map<std::string, Calibration> calibrations_;
  std::map<std::string, std::vector<AgeRow>> nichart_;  ///< by name and sex, ascending by age
  std::string calibrated_;
};

/// 100 times the normal distribution's share below z.
double centile_of(double z);

}  // namespace larmor::processing::brain

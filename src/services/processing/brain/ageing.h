#pragma once
/// Is this loss of brain more than age explains?
///
/// Expected loss by age: Schippling et al., J Neurol 2017;264:520 (brain parenchyma, 0.20 % a year at 35, 0.52 % at 70,
/// a straight line between and nearby). Spread between healthy people: De Stefano et al., J Neurol Neurosurg Psychiatry
/// 2016;87:93 (standard deviation 0.15 % a year, 35 healthy controls). Pure.
#include <optional>
#include <string>

#include "base/json.h"

namespace larmor::processing::brain {

enum class Pace { within, faster, undecided, unknown };

struct Ageing {
  Pace pace = Pace::unknown;
  double percent = 0;                  ///< a year, as measured
  double low_percent = 0;              ///< where the measurement's 95 % range begins,
  double high_percent = 0;             ///< and where it ends
  double expected_percent = 0;         ///< a year, of a healthy person of this age; negative is loss
  double limit_percent = 0;            ///< 95 of 100 healthy people lose less than this
  std::string verdict = "no verdict";  ///< "faster than normal ageing"
  std::string why;                     ///< the figures behind it, or why there is none; part of a sentence
  std::string words() const { return verdict + ": " + why; }
};

inline constexpr double kYoungestAgeing = 18, kEldestAgeing = 90;  ///< years between which normal loss is known

/// What healthy people lose a year at that age, percent; negative is loss.
struct NormalLoss {
  double expected = 0, limit = 0;  ///< 95 of 100 stay above the limit
};
NormalLoss normal_loss(double age);

/// `percent` of the brain a year with its standard deviation `error`. A verdict only where both ends of the 95 % range
/// of the measurement lie on one side of the limit; none where the age is unknown or outside of 18 to 90 years.
Ageing judge_ageing(double percent, double error, std::optional<double> age);

/// {verdict, words, per_year_percent, low_per_year_percent, high_per_year_percent, expected_per_year_percent,
/// limit_per_year_percent, sources}
Json to_json(const Ageing&);

}  // namespace larmor::processing::brain

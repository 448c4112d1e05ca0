#include "services/processing/brain/ageing.h"

#include <array>
#include <cmath>

#include "services/processing/brain/rounded.h"

namespace larmor::processing::brain {
namespace {

constexpr double kYoung = 35, kYoungLoss = 0.20, kOld = 70, kOldLoss = 0.52;  // years, % a year
constexpr double kSpread = 0.15;                                              // % a year
constexpr double kOneSided = 1.645;  // standard deviations: 95 % of a normal distribution lie on one side
constexpr double kTwoSided = 1.96;   // and within these on either side

}  // namespace

NormalLoss normal_loss(double age) {
  const double expected = -std::max(0.0, kYoungLoss + (age - kYoung) * (kOldLoss - kYoungLoss) / (kOld - kYoung));
  return {expected, expected - kOneSided * kSpread};
}

Ageing judge_ageing(double percent, double error, std::optional<double> age) {
  Ageing out;
  if (!age || *age < kYoungestAgeing || *age > kEldestAgeing) {
    out.why = age ? fmt::format("normal loss is known from {} to {} years, not at {:.0f}", kYoungestAgeing,
                                kEldestAgeing, std::floor(*age))
                  : "the age is not known";
    return out;
  }
  const auto normal = normal_loss(*age);
  out.expected_percent = normal.expected;
  out.limit_percent = normal.limit;
  out.percent = percent;
  out.low_percent = percent - kTwoSided * error;
  out.high_percent = percent + kTwoSided * error;
  out.pace = out.high_percent < out.limit_percent   ? Pace::faster
             : out.low_percent >= out.limit_percent ? Pace::within
                                                    : Pace::undecided;
  out.verdict = out.pace == Pace::faster   ? "faster than normal ageing"
                : out.pace == Pace::within ? "within normal ageing"
                                           : "not distinguishable from normal ageing";
  out.why = fmt::format(
      "{:+.2f} % a year (95 % range {:+.2f} to {:+.2f}); at {:.0f} years {:+.2f} % is expected, and 95 of 100 healthy "
      "people stay above {:+.2f} %",
      percent, out.low_percent, out.high_percent, std::floor(*age), out.expected_percent, out.limit_percent);
  return out;
}

Json to_json(const Ageing& a) {
  constexpr std::array names{"within normal ageing", "faster than normal ageing", "not distinguishable", "unknown"};
  Json out{{"verdict", names[std::size_t(a.pace)]}, {"words", a.words()}};
  if (a.pace == Pace::unknown) return out;
  // More digits than anybody shows: whoever rounds them arrives at the figures in `words`.
  out["per_year_percent"] = rounded(a.percent, 1e6);
  out["low_per_year_percent"] = rounded(a.low_percent, 1e6);
  out["high_per_year_percent"] = rounded(a.high_percent, 1e6);
  out["expected_per_year_percent"] = rounded(a.expected_percent);
  out["limit_per_year_percent"] = rounded(a.limit_percent);
  out["sources"] = {"Schippling 2017, doi:10.1007/s00415-016-8374-y",
                    "De Stefano 2016, J Neurol Neurosurg Psychiatry 87:93"};
  return out;
}

}  // namespace larmor::processing::brain

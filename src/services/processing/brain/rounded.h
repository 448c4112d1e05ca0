#pragma once
/// Figures as JSON has them.
#include <cmath>

namespace larmor::processing::brain {

/// To a whole number of `steps` in one: a microlitre, a thousandth of a probability.
inline double rounded(double v, double steps = 1000) {
  return std::round(v * steps) / steps;
}

}  // namespace larmor::processing::brain

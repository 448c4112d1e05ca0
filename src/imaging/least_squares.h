#pragma once
/// Normal equations of a few unknowns.
///
/// Pure; no allocation.
#include <array>
#include <cmath>
#include <cstddef>

namespace larmor::imaging {

template <std::size_t Most>
using Equations = std::array<std::array<double, Most>, Most>;

/// Solves m x = right for the first n unknowns by Cholesky's decomposition; only the lower triangle of m is read, and
/// it is used up. `x` holds the right side, then the solution. False where m does not determine all n.
template <std::size_t Most>
bool solve(Equations<Most>& m, std::array<double, Most>& x, std::size_t n) {
  for (std::size_t j = 0; j < n; ++j) {
    for (std::size_t k = 0; k < j; ++k) m[j][j] -= m[j][k] * m[j][k];
    if (!(m[j][j] > 0)) return false;
    m[j][j] = std::sqrt(m[j][j]);
    for (std::size_t i = j + 1; i < n; ++i) {
      for (std::size_t k = 0; k < j; ++k) m[i][j] -= m[i][k] * m[j][k];
      m[i][j] /= m[j][j];
    }
  }
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t k = 0; k < i; ++k) x[i] -= m[i][k] * x[k];
    x[i] /= m[i][i];
  }
  for (std::size_t i = n; i-- > 0;) {
    for (std::size_t k = i + 1; k < n; ++k) x[i] -= m[k][i] * x[k];
    x[i] /= m[i][i];
  }
  return true;
}

}  // namespace larmor::imaging

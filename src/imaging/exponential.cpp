#include "imaging/exponential.h"

namespace larmor::imaging {

Affine exponential(const Generator& g, double factor) {
  constexpr int squarings = 8, terms = 8;
  constexpr double small = 1.0 / (1 << squarings);
  Affine x;  // used as a 4x4 matrix whose last row is zero
  const double velocity[3][4] = {{g[6], g[11] - g[5], g[10] + g[4], g[0]},
                                 {g[11] + g[5], g[7], g[9] - g[3], g[1]},
                                 {g[10] - g[4], g[9] + g[3], g[8], g[2]}};
  for (int r = 0; r < 3; ++r)
    for (int c = 0; c < 4; ++c) x.rows[r][c] = velocity[r][c] * factor * small;

  Affine sum, term = x;
  for (int k = 1;; ++k) {
    for (int r = 0; r < 3; ++r)
      for (int c = 0; c < 4; ++c) sum.rows[r][c] += term.rows[r][c];
    if (k == terms) break;
    Affine next;
    for (int r = 0; r < 3; ++r)
      for (int c = 0; c < 4; ++c) {
        next.rows[r][c] = 0;
        for (int i = 0; i < 3; ++i) next.rows[r][c] += x.rows[r][i] * term.rows[i][c] / (k + 1);
      }
    term = next;
  }
  for (int i = 0; i < squarings; ++i) sum = sum * sum;
  return sum;
}

}  // namespace larmor::imaging

#include "imaging/midplane.h"

#include <cmath>

namespace larmor::imaging {
namespace {

/// Mean first index and number of voxels on each side, and the mean place, of one bundle.
struct Bundle {
  double sum[2] = {0, 0}, n[2] = {0, 0}, b = 0, c = 0;
};

/// Solves the 3x3 normal equations by Cramer's rule; nothing if the bundles lie on a line.
std::optional<std::array<double, 3>> solve(const std::array<std::array<double, 3>, 3>& m,
                                           const std::array<double, 3>& y) {
  Affine a;
  for (int r = 0; r < 3; ++r)
    for (int c = 0; c < 3; ++c) a.rows[r][c] = m[r][c];
  if (std::abs(a.determinant()) < 1e-6 * m[0][0]) return std::nullopt;
  const auto back = inverse(a);
  if (!back) return std::nullopt;
  return (*back)(y);
}

}  // namespace

std::optional<Midplane> find_midplane(const Mask& paired) {
  constexpr std::size_t bundle = 6;
  constexpr double enough = 30;
  const auto [na, nb, nc] = paired.shape();
  Midplane plane;
  double voxels = 0;
  for (std::size_t a = 0; a < na; ++a)
    for (std::size_t b = 0; b < nb; ++b)
      for (std::size_t c = 0; c < nc; ++c) {
        if (!paired(a, b, c)) continue;
        plane.at += double(a), plane.b0 += double(b), plane.c0 += double(c), ++voxels;
      }
  if (voxels == 0) return std::nullopt;
  plane.at /= voxels, plane.b0 /= voxels, plane.c0 /= voxels;

  const std::size_t wide = (nc + bundle - 1) / bundle;
  for (int round = 0; round < 5; ++round) {
    std::vector<Bundle> bundles((nb + bundle - 1) / bundle * wide);
    for (std::size_t a = 0; a < na; ++a)
      for (std::size_t b = 0; b < nb; ++b)
        for (std::size_t c = 0; c < nc; ++c) {
          if (!paired(a, b, c)) continue;
          Bundle& u = bundles[b / bundle * wide + c / bundle];
          const int side = plane.is_right(a, b, c);
          u.sum[side] += double(a), ++u.n[side], u.b += double(b), u.c += double(c);
        }
    std::array<std::array<double, 3>, 3> m{};
    std::array<double, 3> y{};
    int used = 0;
    for (const Bundle& u : bundles) {
      const double weight = std::min(u.n[0], u.n[1]);
      if (weight <= enough) continue;
      ++used;
      const double n = u.n[0] + u.n[1], middle = (u.sum[0] / u.n[0] + u.sum[1] / u.n[1]) / 2;
      const std::array<double, 3> row{1, u.b / n - plane.b0, u.c / n - plane.c0};
      for (int r = 0; r < 3; ++r) {
        for (int c = 0; c < 3; ++c) m[r][c] += weight * row[r] * row[c];
        y[r] += weight * row[r] * middle;
      }
    }
    if (used < 4) return std::nullopt;
    const auto fit = solve(m, y);
    if (!fit) return std::nullopt;
    plane.at = (*fit)[0], plane.along_b = (*fit)[1], plane.along_c = (*fit)[2];
  }
  return plane;
}

}  // namespace larmor::imaging

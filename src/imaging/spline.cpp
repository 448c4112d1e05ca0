#include "imaging/spline.h"

#include <algorithm>
#include <cmath>

#include "imaging/parallel.h"

namespace larmor::imaging {
namespace {

constexpr float kPole = -0.26794919243112270f;  // sqrt(3) - 2
constexpr std::size_t kHorizon = 16;            // |pole|^16 is below a float's precision

/// Values to coefficients, in place, along a line with `step` between its samples.
void filter_line(float* line, std::size_t n, std::size_t step) {
  if (n < 2) return;
  const auto at = [&](std::size_t i) -> float& { return line[i * step]; };
  float first = at(0), z = kPole;
  for (std::size_t i = 1; i < std::min(n, kHorizon); ++i, z *= kPole) first += z * at(i);
  at(0) = first;
  for (std::size_t i = 1; i < n; ++i) at(i) += kPole * at(i - 1);
  at(n - 1) = kPole / (kPole * kPole - 1) * (kPole * at(n - 2) + at(n - 1));
  for (std::size_t i = n - 1; i-- > 0;) at(i) = kPole * (at(i + 1) - at(i));
  for (std::size_t i = 0; i < n; ++i) at(i) *= 6;
}

std::ptrdiff_t mirrored(std::ptrdiff_t i, std::ptrdiff_t n) {
  if (n == 1) return 0;
  if (i < 0) i = -i;
  if (i >= n) i = 2 * (n - 1) - i;
  return std::clamp<std::ptrdiff_t>(i, 0, n - 1);
}

}  // namespace

std::array<float, 4> cubic_weights(float t) {
  const float u = 1 - t;
  return {u * u * u / 6, (4 - 6 * t * t + 3 * t * t * t) / 6, (4 - 6 * u * u + 3 * u * u * u) / 6, t * t * t / 6};
}

std::array<float, 4> cubic_slopes(float t) {
  const float u = 1 - t;
  return {-u * u / 2, -2 * t + 1.5f * t * t, 2 * u - 1.5f * u * u, t * t / 2};
}

Spline::Spline(const Volume<float>& v, int threads) : coefficients_(v) {
  const auto [na, nb, nc] = v.shape();
  each_slice(na, threads, [&, nb = nb, nc = nc](std::size_t a) {
    for (std::size_t b = 0; b < nb; ++b) filter_line(&coefficients_(a, b, 0), nc, 1);
    for (std::size_t c = 0; c < nc; ++c) filter_line(&coefficients_(a, 0, c), nb, nc);
  });
  each_slice(nb, threads, [&, na = na, nb = nb, nc = nc](std::size_t b) {
    for (std::size_t c = 0; c < nc; ++c) filter_line(&coefficients_(0, b, c), na, nb * nc);
  });
}

float Spline::operator()(const Point& at) const {
  const auto& s = coefficients_.shape();
  std::array<std::array<float, 4>, 3> w;
  std::array<std::array<std::size_t, 4>, 3> i;
  for (int d = 0; d < 3; ++d) {
    if (!(at[d] > -1 && at[d] < double(s[d]))) return 0;
    const auto low = std::ptrdiff_t(at[d] + 1) - 1, n = std::ptrdiff_t(s[d]);
    w[d] = cubic_weights(float(at[d] - double(low)));
    const bool inside = low >= 1 && low + 2 < n;
    for (std::ptrdiff_t k = 0; k < 4; ++k) i[d][k] = std::size_t(inside ? low + k - 1 : mirrored(low + k - 1, n));
  }
  float sum = 0;
  for (int a = 0; a < 4; ++a) {
    float sheet = 0;
    for (int b = 0; b < 4; ++b) {
      const float* line = coefficients_.voxels.data() + (i[0][a] * s[1] + i[1][b]) * s[2];
      sheet += w[1][b] *
               (w[2][0] * line[i[2][0]] + w[2][1] * line[i[2][1]] + w[2][2] * line[i[2][2]] + w[2][3] * line[i[2][3]]);
    }
    sum += w[0][a] * sheet;
  }
  return sum;
}

}  // namespace larmor::imaging

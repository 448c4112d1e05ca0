#pragma once
/// A volume between its voxels: trilinear, and by the cubic B-spline that goes through them.
///
/// Pure. The spline's coefficients: Unser, IEEE Signal Processing Magazine 16(6), 1999; mirrored at the borders.
#include "imaging/volume.h"

namespace larmor::imaging {

/// Trilinear between voxel centres; 0 from one voxel outside the volume on. `at` in voxels.
inline float linear(const Volume<float>& v, const Point& at) {
  const auto& s = v.shape();
  std::array<std::ptrdiff_t, 3> i;
  std::array<float, 3> t;
  for (int d = 0; d < 3; ++d) {
    if (!(at[d] > -1 && at[d] < double(s[d]))) return 0;
    i[d] = std::ptrdiff_t(at[d] + 1) - 1;
    t[d] = float(at[d] - double(i[d]));
  }
  const std::ptrdiff_t na = std::ptrdiff_t(s[0]), nb = std::ptrdiff_t(s[1]), nc = std::ptrdiff_t(s[2]);
  const auto line = [&](std::ptrdiff_t a, std::ptrdiff_t b) {
    if (a < 0 || b < 0 || a >= na || b >= nb) return 0.0f;
    const float* p = v.voxels.data() + (a * nb + b) * nc + i[2];
    const float low = i[2] >= 0 ? p[0] : 0, high = i[2] + 1 < nc ? p[1] : 0;
    return low + t[2] * (high - low);
  };
  const float p00 = line(i[0], i[1]), p01 = line(i[0], i[1] + 1), p10 = line(i[0] + 1, i[1]),
              p11 = line(i[0] + 1, i[1] + 1);
  const float p0 = p00 + t[1] * (p01 - p00), p1 = p10 + t[1] * (p11 - p10);
  return p0 + t[0] * (p1 - p0);
}

/// Weights of the four coefficients from index floor(x) - 1 on, x - floor(x) = t in [0, 1).
std::array<float, 4> cubic_weights(float t);
/// Their derivatives by t.
std::array<float, 4> cubic_slopes(float t);

class Spline {
 public:
  explicit Spline(const Volume<float>&, int threads);
  /// `at` in voxels; 0 from one voxel outside the volume on.
  float operator()(const Point& at) const;

 private:
  Volume<float> coefficients_;
};

}  // namespace larmor::imaging

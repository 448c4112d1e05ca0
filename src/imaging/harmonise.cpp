#include "imaging/harmonise.h"

#include <algorithm>
#include <cmath>

#include "imaging/parallel.h"
#include "imaging/smooth.h"
#include "imaging/spline.h"

namespace larmor::imaging {
namespace {

constexpr double kBlockMm = 4;
constexpr float kSteep = 0.05f;  // of the mean brightness per mm: half the weight

float slope_squared(const Volume<float>& v, std::size_t a, std::size_t b, std::size_t c, float mm) {
  const auto& s = v.shape();
  const float x = v(std::min(a + 1, s[0] - 1), b, c) - v(a > 0 ? a - 1 : 0, b, c),
              y = v(a, std::min(b + 1, s[1] - 1), c) - v(a, b > 0 ? b - 1 : 0, c),
              z = v(a, b, std::min(c + 1, s[2] - 1)) - v(a, b, c > 0 ? c - 1 : 0);
  return (x * x + y * y + z * z) / (4 * mm * mm);
}

}  // namespace

Volume<float> log_gain(const Volume<float>& a, const Volume<float>& b, const Volume<float>& weight, double sigma_mm,
                       int threads) {
  const double mm = spacing(a.grid.to_world)[0];
  const auto step = std::size_t(std::max(1.0, std::round(kBlockMm / mm)));
  Grid coarse;
  for (int d = 0; d < 3; ++d) coarse.shape[d] = (a.shape()[d] + step - 1) / step;
  double sum_a = 0, sum_b = 0, sum_w = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    sum_a += weight.voxels[i] * a.voxels[i];
    sum_b += weight.voxels[i] * b.voxels[i];
    sum_w += weight.voxels[i];
  }
  Volume<float> out(a.grid);
  if (!(sum_a > 0 && sum_b > 0)) return out;

  Volume<float> bright_a(coarse), bright_b(coarse);
  const auto mean_a = float(sum_a / sum_w), mean_b = float(sum_b / sum_w);
  each_slice(coarse.shape[0], threads, [&](std::size_t block) {
    for (std::size_t i = block * step; i < std::min((block + 1) * step, a.shape()[0]); ++i)
      for (std::size_t j = 0; j < a.shape()[1]; ++j)
        for (std::size_t k = 0; k < a.shape()[2]; ++k) {
          float w = weight(i, j, k);
          if (w <= 0) continue;
          const float steep = slope_squared(a, i, j, k, float(mm)) / (mean_a * mean_a) +
                              slope_squared(b, i, j, k, float(mm)) / (mean_b * mean_b);
          w /= 1 + steep / (2 * kSteep * kSteep);
          bright_a(block, j / step, k / step) += w * a(i, j, k);
          bright_b(block, j / step, k / step) += w * b(i, j, k);
        }
  });
  smooth(bright_a, sigma_mm / (mm * double(step)), threads);
  smooth(bright_b, sigma_mm / (mm * double(step)), threads);
  // Far from all weight the global ratio holds.
  const double little = 1e-4 * sum_w / double(count(coarse.shape));
  for (std::size_t i = 0; i < bright_a.size(); ++i)
    bright_a.voxels[i] = float(std::log(std::max(0.0f, bright_a.voxels[i]) + little * mean_a) -
                               std::log(std::max(0.0f, bright_b.voxels[i]) + little * mean_b));
  const double middle = (double(step) - 1) / 2;
  each_slice(a.shape()[0], threads, [&](std::size_t i) {
    const auto at = [&](std::size_t x, int d) {
      return std::clamp((double(x) - middle) / double(step), 0.0, double(coarse.shape[d] - 1));
    };
    for (std::size_t j = 0; j < a.shape()[1]; ++j)
      for (std::size_t k = 0; k < a.shape()[2]; ++k)
        if (weight(i, j, k) > 0)
          out(i, j, k) = linear(bright_a, {at(i, 0), at(j, 1), at(k, 2)});
        else
          out(i, j, k) = float(std::log(mean_a) - std::log(mean_b));
  });
  return out;
}

void harmonise(Volume<float>& a, Volume<float>& b, const Volume<float>& log_gain, int threads) {
  each_slice(a.shape()[0], threads, [&](std::size_t slice) {
    const std::size_t sheet = a.shape()[1] * a.shape()[2];
    for (std::size_t i = slice * sheet; i < (slice + 1) * sheet; ++i) {
      const float half = log_gain.voxels[i] / 2;
      a.voxels[i] *= std::exp(-half);
      b.voxels[i] *= std::exp(half);
    }
  });
}

}  // namespace larmor::imaging

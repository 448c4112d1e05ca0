#include "imaging/smooth.h"

#include <algorithm>
#include <cmath>

#include "imaging/parallel.h"

namespace larmor::imaging {
namespace {

/// One half of the kernel, the middle first; all of it sums to 1.
std::vector<float> half_kernel(double sigma) {
  const auto reach = std::size_t(std::ceil(3 * sigma));
  std::vector<double> k(reach + 1);
  double sum = 0;
  for (std::size_t i = 0; i <= reach; ++i) {
    k[i] = std::exp(-0.5 * double(i * i) / (sigma * sigma));
    sum += i == 0 ? k[i] : 2 * k[i];
  }
  std::vector<float> out;
  for (const double v : k) out.push_back(float(v / sum));
  return out;
}

/// `lines` is length x inner: the first index is smoothed. `pad` holds the same with zeros around.
void smooth_lines(float* lines, std::size_t length, std::size_t inner, const std::vector<float>& k,
                  std::vector<float>& pad) {
  const std::size_t reach = k.size() - 1;
  pad.assign((length + 2 * reach) * inner, 0.0f);
  std::copy_n(lines, length * inner, pad.data() + reach * inner);
  for (std::size_t i = 0; i < length; ++i) {
    float* to = lines + i * inner;
    const float* middle = pad.data() + (i + reach) * inner;
    for (std::size_t x = 0; x < inner; ++x) to[x] = k[0] * middle[x];
    for (std::size_t j = 1; j <= reach; ++j) {
      const float w = k[j];
      const float *before = middle - j * inner, *after = middle + j * inner;
      for (std::size_t x = 0; x < inner; ++x) to[x] += w * (before[x] + after[x]);
    }
  }
}

}  // namespace

void smooth(Volume<float>& v, double sigma, int threads) {
  if (sigma <= 0 || v.size() == 0) return;
  const auto k = half_kernel(sigma);
  const auto [na, nb, nc] = v.shape();
  const std::size_t reach = k.size() - 1;
  each_slice(na, threads, [&, nb = nb, nc = nc](std::size_t a) {
    std::vector<float> pad;
    float* sheet = &v(a, 0, 0);
    smooth_lines(sheet, nb, nc, k, pad);
    pad.assign(nc + 2 * reach, 0.0f);
    for (std::size_t b = 0; b < nb; ++b) {
      float* line = sheet + b * nc;
      std::copy_n(line, nc, pad.data() + reach);
      const float* middle = pad.data() + reach;
      for (std::size_t x = 0; x < nc; ++x) line[x] = k[0] * middle[x];
      for (std::size_t j = 1; j <= reach; ++j)
        for (std::size_t x = 0; x < nc; ++x) line[x] += k[j] * (middle[x - j] + middle[x + j]);
    }
  });
  each_slice(nb, threads, [&, na = na, nc = nc](std::size_t b) {
    std::vector<float> sheet(na * nc), pad;
    for (std::size_t a = 0; a < na; ++a) std::copy_n(&v(a, b, 0), nc, sheet.data() + a * nc);
    smooth_lines(sheet.data(), na, nc, k, pad);
    for (std::size_t a = 0; a < na; ++a) std::copy_n(sheet.data() + a * nc, nc, &v(a, b, 0));
  });
}

}  // namespace larmor::imaging

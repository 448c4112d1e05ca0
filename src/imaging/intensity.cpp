#include "imaging/intensity.h"

#include <algorithm>
#include <cmath>

namespace larmor::imaging {

Result<IntensityRange> check_intensities(const Volume<float>& v) {
  if (v.voxels.empty()) return fail(Code::invalid, "the image has no voxels");
  IntensityRange out{v.voxels[0], v.voxels[0], 0};
  std::vector<float> seen;
  for (std::size_t i = 0; i < v.size(); ++i) {
    const float x = v.voxels[i];
    if (!std::isfinite(x) || std::abs(x) > 1e12f)
      return fail(Code::invalid, "voxel {} of {} is {}, which is no intensity", i, v.size(), x);
    out.low = std::min(out.low, x);
    out.high = std::max(out.high, x);
    // Neighbours are often equal: most voxels cost one comparison.
    if (seen.size() < 64 && (seen.empty() || seen.back() != x) && std::find(seen.begin(), seen.end(), x) == seen.end())
      seen.push_back(x);
  }
  out.distinct = seen.size();
  if (out.low == out.high) return fail(Code::invalid, "all {} voxels have the same intensity, {}", v.size(), out.low);
  return out;
}

Result<void> normalise(Volume<float>& v) {
  double sum = 0;
  std::size_t positive = 0;
  for (auto& x : v.voxels) {
    x = std::max(x, 0.0f);
    sum += x;
    positive += x > 0;
  }
  if (positive < 100) return fail(Code::invalid, "only {} of {} voxels are above zero", positive, v.size());
  const auto mean = float(sum / double(positive));
  std::vector<float> bright;
  bright.reserve(positive / 2);
  for (const float x : v.voxels)
    if (x > mean) bright.push_back(x);
  float one = mean;  // all positive voxels alike: there is nothing above the mean
  if (!bright.empty()) {
    const auto rank = std::max<std::size_t>(1, std::size_t(0.9 * double(bright.size()))) - 1;
    std::nth_element(bright.begin(), bright.begin() + std::ptrdiff_t(rank), bright.end());
    one = bright[rank];
  }
  for (auto& x : v.voxels) x = std::min(x / one, 3.0f);
  return {};
}

double median(std::vector<float>& values) {
  const auto at = values.begin() + std::ptrdiff_t((values.size() - 1) / 2);
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

Middle middle_of(std::vector<float>& values) {
  Middle out{median(values), 0};
  for (auto& v : values) v = float(std::abs(v - out.at));
  out.spread = 1.4826 * median(values);
  return out;
}

}  // namespace larmor::imaging

#pragma once
/// Intensities: is there a picture at all, and the scale that the network was trained on.
#include "base/result.h"
#include "imaging/volume.h"

namespace larmor::imaging {

struct IntensityRange {
  float low = 0, high = 0;
  std::size_t distinct = 0;  ///< different values seen, counted up to 64
};

/// `invalid` where a voxel is not a finite number, where numbers are beyond 1e12, or where all voxels are alike.
Result<IntensityRange> check_intensities(const Volume<float>&);

/// Negative voxels become 0; of the positive ones those above their mean are taken, and their 90th percentile becomes
/// 1; the rest is clamped to 0..3. White matter of a T1 lands near 1. `invalid` below 100 positive voxels. The rule is
/// the model's own (models/brain/manifest.json, input.normalisation).
Result<void> normalise(Volume<float>&);

/// Median, and the standard deviation of the normal distribution that has this median absolute deviation.
struct Middle {
  double at = 0, spread = 0;
};
/// Both reorder `values`, which are not empty; middle_of changes them too. The lower one of two middle values.
double median(std::vector<float>& values);
Middle middle_of(std::vector<float>& values);

}  // namespace larmor::imaging

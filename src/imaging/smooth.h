#pragma once
/// Gaussian smoothing.
///
/// Pure; the same bytes for every number of threads.
#include "imaging/volume.h"

namespace larmor::imaging {

/// `sigma` in voxels along each index; 0 leaves the volume as it is. Outside the volume counts as 0, so that
/// smooth(w v) / smooth(w) is the weighted mean (normalised convolution, Knutsson and Westin 1993).
void smooth(Volume<float>&, double sigma, int threads);

}  // namespace larmor::imaging

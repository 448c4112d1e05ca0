#pragma once
/// Two pictures of one head, brought together halfway between them.
///
/// Neither picture is the reference: both are sampled through half of the motion, so that both are blurred alike, and
/// swapping them gives exactly the inverse, bit by bit. Least squares of the brightness within the brain, by
/// Gauss-Newton from 8 mm down to 1 mm, with the slow shade between the two taken out and outliers (Geman and McClure)
/// counted less. Pure; the same bytes for every number of threads. A pair of 256 mm heads takes a few seconds on two
/// cores.
#include "base/result.h"
#include "imaging/exponential.h"
#include "imaging/volume.h"

namespace larmor::imaging {

/// A picture and where its brain is: 0..1 on the picture's own grid, some mm beyond the brain's border. Grids near 1
/// mm.
struct Subject {
  const Volume<float>& image;
  const Volume<float>& brain;
};

enum class Freedom : int { rigid = 6, scaled = 9, affine = 12 };

struct Registration {
  Generator motion{};        ///< from a to b, about the brains' centres; log of a map
  Point centre_a, centre_b;  ///< mm, in the world of each
  Grid middle;               ///< 1 mm, halfway; large enough for both brains and 12 mm around them

  Affine to_a, to_b;       ///< from mm on `middle` to mm in the world of each picture
  double correlation = 0;  ///< of the brightness within both brains, shade taken out; 1 is the same picture
  double overlap = 0;      ///< Dice of the two brains, 0..1
  double rotation_deg = 0, translation_mm = 0;
  double volume_ratio = 1;  ///< of b's space to a's: 1 when rigid
  int iterations = 0;
};

/// Failures: `invalid` (no brain in one of them), `unsupported` (the two do not come together: no convergence, or the
/// brains hardly overlap; the numbers are in the words).
Result<Registration> register_halfway(const Subject& a, const Subject& b, Freedom, int threads);

/// `v` as seen from `target` through `to_world_of_v`: trilinear, 0 outside.
Volume<float> sample_linear(const Volume<float>& v, const Grid& target, const Affine& to_world_of_v, int threads);
/// The same by the cubic spline through v's voxels.
Volume<float> sample_cubic(const Volume<float>& v, const Grid& target, const Affine& to_world_of_v, int threads);

}  // namespace larmor::imaging

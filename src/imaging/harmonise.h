#pragma once
/// The slow difference in brightness between two pictures of one thing: other coils, other gains.
///
/// Pure; swapping the pictures changes every sign and nothing else, bit by bit.
#include "imaging/volume.h"

namespace larmor::imaging {

/// log(a / b), smoothed with a Gaussian of `sigma_mm`, on the pictures' own grid, which must be the same and isotropic
/// in mm (differential bias correction, Lewis and Fox, NeuroImage 2004;23:75). Each voxel counts by its `weight`
/// (0..1), and less where the picture is steep, so that a border that moved is not taken for a shade.
Volume<float> log_gain(const Volume<float>& a, const Volume<float>& b, const Volume<float>& weight, double sigma_mm,
                       int threads);

/// Takes half of the difference from each.
void harmonise(Volume<float>& a, Volume<float>& b, const Volume<float>& log_gain, int threads);

}  // namespace larmor::imaging

#pragma once
/// Affine maps by their logarithm: halves and inverses are then exact, half the numbers and their negatives.
///
/// Pure; cannot fail.
#include "imaging/affine.h"

namespace larmor::imaging {

/// A velocity field that is affine in place: three translations (mm), three rotations about x, y, z (radians), three
/// logarithms of scale, three shears (yz, xz, xy). Rigid maps have only the first six.
using Generator = std::array<double, 12>;

/// The map along which the velocity `factor` * g leads in unit time. exponential(g, -1) undoes exponential(g, 1), and
/// exponential(g, 0.5) is its square root. Scaling and squaring (Higham, Functions of Matrices, 2008, chapter 10).
Affine exponential(const Generator& g, double factor = 1);

}  // namespace larmor::imaging

#pragma once
/// What still differs in shape between two pictures that already lie halfway between each other.
///
/// A displacement on the halfway grid: the thing at m is at m - shift/2 in `a` and at m + shift/2 in `b`. Local least
/// squares of the brightness (Lucas and Kanade 1981) in Gaussian windows, coarse to fine, repeated until nothing is
/// left to explain, so that the windows do not shrink the result. Swapping the pictures changes every sign and nothing
/// else, bit by bit. Pure; the same bytes for every number of threads.
#include <array>

#include "imaging/volume.h"

namespace larmor::imaging {

/// mm along each world axis of the grid.
using Shift = std::array<Volume<float>, 3>;

/// All on one grid of 1 mm along the world's axes; brightness near 1 in white matter; `weight` 0..1 says where it may
/// look.
Shift shift_between(const Volume<float>& a, const Volume<float>& b, const Volume<float>& weight, int threads);

/// `v` at m + factor * shift: trilinear.
Volume<float> warp(const Volume<float>& v, const Shift&, float factor, int threads);

/// Determinant of the Jacobian of m + factor * shift.
Volume<float> jacobian(const Shift&, float factor, int threads);

}  // namespace larmor::imaging

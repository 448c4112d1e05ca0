#pragma once
/// The plane between left and right, found from structures that come in pairs.
///
/// Pure and deterministic: the same labels give the same plane.
#include <optional>

#include "imaging/morphology.h"

namespace larmor::imaging {

/// First index = at + along_b * (b - b0) + along_c * (c - c0), in voxels of a canonical grid: smaller is left.
struct Midplane {
  double at = 0, along_b = 0, along_c = 0, b0 = 0, c0 = 0;
  bool is_right(std::size_t a, std::size_t b, std::size_t c) const {
    return double(a) > at + along_b * (double(b) - b0) + along_c * (double(c) - c0);
  }
};

/// Halfway between the two sides of `paired` (voxels of structures deep in both halves), bundle by bundle of 6 x 6
/// voxels, by weighted least squares, repeated as the sides settle. Nothing where fewer than four bundles have both
/// sides.
std::optional<Midplane> find_midplane(const Mask& paired);

}  // namespace larmor::imaging

#pragma once
/// Holes in a stack of slices: a clue that a series is still arriving. Pure.
#include <span>

namespace larmor::importing {

struct Gaps {
  int missing = 0;                ///< slices that would fill the holes
  double from_mm = 0, to_mm = 0;  ///< the first hole, along the slice normal
};

/// `positions_mm`: along the slice normal, in any order; several images at one position count once. Says nothing about
/// stacks of fewer than 8 positions or without a regular spacing (localizers, rotations).
Gaps find_gaps(std::span<const double> positions_mm);

}  // namespace larmor::importing

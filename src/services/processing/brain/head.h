#pragma once
/// The part of an image that the network needs to see.
#include "imaging/resample.h"

namespace larmor::processing::brain {

/// The box around the largest body brighter than `above` on a normalised 1 mm RAS grid, with a margin, and no further
/// down from its top than any head's brain reaches: the neck costs time and memory and holds no brain. Empty when
/// nothing is that bright.
imaging::Box find_head(const imaging::Volume<float>&, float above);

}  // namespace larmor::processing::brain

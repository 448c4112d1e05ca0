#pragma once
/// The network's answer on the 1 mm grid, cleaned: which class each voxel is, and how sure the network is.
#include "services/processing/brain/analyse.h"
#include "services/processing/brain/model.h"
#include "services/processing/brain/network.h"

namespace larmor::processing::brain {

struct Segmented {
  imaging::Volume<std::uint8_t> classes;     ///< on the grid of the image given
  imaging::Volume<std::uint8_t> confidence;  ///< 255 is certain
};

/// `image` is normalised, 1 mm, RAS, already cropped to the head.
Result<Segmented> segment(const imaging::Volume<float>& image, const Model&, Network&);

/// Keeps the one piece of tissue that is the brain, and the fluid near it: bridges thinner than 5 mm to the orbits, the
/// face or the dura are cut first. Returns the share of the tissue that stays.
double clean(imaging::Volume<std::uint8_t>& classes, const Model&);

}  // namespace larmor::processing::brain

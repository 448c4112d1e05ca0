#pragma once
/// Would the network say the same again? A second, cheap pass over the middle of the brain.
///
/// The box around the deep structures is mirrored and its brightness bent (gamma 0.85), as another scanner might have
/// it; the network knows no sides, so a good image gets the same labels again. About a fifth of the voxels of a head.
/// Failures: those of segment.h.
#include "services/processing/brain/analyse.h"
#include "services/processing/brain/network.h"

namespace larmor::processing::brain {

/// `head` and the cleaned `classes` on one grid.
Result<SecondLook> look_again(const imaging::Volume<float>& head, const imaging::Volume<std::uint8_t>& classes,
                              const Model&, Network&);

}  // namespace larmor::processing::brain

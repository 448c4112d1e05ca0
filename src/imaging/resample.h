#pragma once
/// The same picture on another grid.
///
/// Pure; cannot fail on grids that `is_usable` accepts. Time and memory grow with the larger of the two grids.
#include "imaging/volume.h"

namespace larmor::imaging {

/// The image's own axes, reordered and turned so that the indices run as nearly as possible to the right, the front and
/// the top, `mm` apart, over the same space. An axis whose spacing is within `tolerance` of `mm` keeps its voxels, so
/// that they are not blurred for nothing.
Grid canonical(const Grid&, double mm = 1, double tolerance = 0.05);

/// Linear interpolation, or the mean over the new voxel where that is larger than the old one (a triangle filter, so
/// that fine images do not alias). `target` must come from canonical(image.grid): its axes are those of the image.
Volume<float> to_canonical(const Volume<float>& image, const Grid& target);

/// The voxel nearest to each centre of `target`, or `outside`. Any two grids.
Volume<std::uint8_t> nearest(const Volume<std::uint8_t>&, const Grid& target, std::uint8_t outside = 0);
Volume<float> nearest(const Volume<float>&, const Grid& target, float outside = 0);

/// The voxels in [low, high) of each index, where they were.
struct Box {
  Shape low{}, high{};
  bool operator==(const Box&) const = default;
};
/// `by` voxels more on each side, as far as `shape` goes.
Box grown(const Box&, std::size_t by, const Shape& shape);
Volume<float> crop(const Volume<float>&, const Box&);
Volume<std::uint8_t> crop(const Volume<std::uint8_t>&, const Box&);
/// Puts a box's voxels back where crop() took them from.
void paste(const Volume<std::uint8_t>& part, const Box&, Volume<std::uint8_t>& whole);

}  // namespace larmor::imaging

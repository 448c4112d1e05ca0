#pragma once
/// Masks: pieces, opening, closing, holes. A mask is a volume of 0 and 1 on a grid of about 1 mm.
///
/// Pure; cannot fail. Distances count steps between faces, with every second step also through edges, which keeps balls
/// round.
#include <vector>

#include "imaging/resample.h"
#include "imaging/volume.h"

namespace larmor::imaging {

using Mask = Volume<std::uint8_t>;

/// Where `holds(value)`.
template <class T, class Holds>
Mask mask_where(const Volume<T>& v, const Holds& holds) {
  Mask out(v.grid);
  for (std::size_t i = 0; i < out.size(); ++i) out.voxels[i] = holds(v.voxels[i]) ? 1 : 0;
  return out;
}

/// Voxels that touch by a face belong together. Pieces are numbered from 1 in the order of their first voxel.
struct Pieces {
  Volume<std::uint32_t> number;
  std::vector<std::size_t> sizes;  ///< sizes[0] is the outside
};
Pieces pieces(const Mask&);
/// The largest piece; the first of equals. Empty stays empty.
Mask largest_piece(const Mask&);

Mask erode(const Mask&, int steps);  ///< outside the volume counts as empty
Mask dilate(const Mask&, int steps);
/// Grows `seed` by `steps`, never outside `within`.
Mask grow_within(const Mask& seed, const Mask& within, int steps);
/// Everything that cannot be reached from the border of the volume.
Mask fill_holes(const Mask&);

std::size_t count(const Mask&);
/// The largest number of steps of erosion that leaves something, up to `most`: about 0.9 of the radius of the largest
/// ball within.
int radius(const Mask&, int most);
/// The smallest box around the mask; empty masks give an empty box.
Box bounds(const Mask&);

}  // namespace larmor::imaging

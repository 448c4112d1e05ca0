#pragma once
/// Where the voxels of a head lie in an atlas, found from the labels of both.
///
/// Brightness is not looked at, so neither contrast nor scanner matters. Paired structures and the hind brain give the
/// direction; an affine map (Gauss and Newton) and a smooth displacement follow, by demons with the slopes of both
/// (Thirion 1998; Vercauteren et al. 2009), all of the shares of seven kinds of tissue in blocks of 8 and 4 mm.
/// Pure; the same bytes for every number of threads. A head takes about 0.4 s on two cores.
/// Failures: `unsupported` (one of the two lacks a side or the hind brain, or they do not determine an affine map).
#include "base/result.h"
#include "imaging/deformation.h"

namespace larmor::imaging {

/// What a label counts as: a sum of these.
enum Tissue : std::uint8_t {
  kWhiteMatter = 1,
  kCortex = 2,
  kVentricle = 4,
  kDeepGrey = 8,
  kMedialTemporal = 16,
  kHindBrain = 32,
  kLeftHalf = 64,
};
using Tissues = std::array<std::uint8_t, 256>;  ///< by label

class AtlasMatch {
 public:
  AtlasMatch(const Affine& affine, Shift shift);
  /// mm in the head -> mm in the atlas.
  Point operator()(const Point& head) const;

 private:
  Affine affine_, to_blocks_;
  Shift shift_;  ///< mm of the atlas, to be added, on blocks over the head
};

/// Grids of 1 to 2 mm with even spacing; any orientation within 90 degrees of each other.
Result<AtlasMatch> match_atlas(const Volume<std::uint8_t>& head, const Volume<std::uint8_t>& atlas, const Tissues&,
                               int threads);

}  // namespace larmor::imaging

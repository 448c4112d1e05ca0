#pragma once
/// Lesions one by one: from the voxels that are lesion to how large each is, and where in the brain.
///
/// Pure; cannot fail.
#include <string_view>
#include <vector>

#include "base/json.h"
#include "imaging/morphology.h"
#include "imaging/structures.h"

namespace larmor::processing::brain {

/// What a lesion has become since the earlier FLAIR.
enum class Fate : std::uint8_t { unknown, fresh, grown };

struct Lesion {
  double ml = 0;
  imaging::Point centre{};  ///< mm, RAS+, in the world of the T1: of its voxels the nearest to the middle of all
  double brightness = 0;    ///< mean; normal white matter is 1
  imaging::Side side = imaging::Side::middle;
  std::string_view place;  ///< "periventricular", "juxtacortical", "deep": of the McDonald criteria (Thompson 2018)
  Fate fate = Fate::unknown;
};

/// A map of fates; where nothing is known of one it is 0.
using Fates = imaging::Volume<std::uint8_t>;

/// Pieces of at least `least` voxels, largest first; smaller ones are taken out of the mask. All volumes have one grid
/// of 1 mm; `labels`: FreeSurfer's. A piece that is mostly new is new; one that is new or grown in part has grown.
std::vector<Lesion> list_lesions(imaging::Mask&, const imaging::Volume<float>& brightness,
                                 const imaging::Volume<std::uint8_t>& labels, std::size_t least,
                                 const Fates* fates = nullptr);

double sum_ml(const std::vector<Lesion>&);

/// {ml, centre_mm, brightness, side, place, kind: "new" or "grown"}
Json to_json(const Lesion&);

}  // namespace larmor::processing::brain

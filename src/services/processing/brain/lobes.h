#pragma once
/// Which lobe of the cerebral cortex each of its voxels belongs to, and the volumes of the lobes.
///
/// The head is matched with the atlas of models/brain/atlas by the labels of both (imaging/atlas_match); a voxel of the
/// cortex gets the lobe that the atlas has there, by the weights of the eight voxels around. How well: the card. Pure
/// but for the atlas' files. Failures: `not_found` (no atlas), `corrupt` (a file that is none).
#include <filesystem>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "imaging/structures.h"
#include "imaging/volume.h"

namespace larmor::processing::brain {

inline constexpr int kRightLobe = 10;  ///< added to a lobe's number on the right

struct LobeVolume {
  imaging::Lobe lobe;
  imaging::Side side = imaging::Side::left;
  double ml = 0;  ///< of cortex
};

struct Lobes {
  std::vector<LobeVolume> volumes;       ///< left and right of every lobe; empty where there are none
  imaging::Volume<std::uint8_t> labels;  ///< lobe on the left, lobe + kRightLobe on the right, 0 outside of the cortex
  std::string none_because;              ///< why this head cannot be matched
};

/// Two grids in MNI152 space.
struct LobeAtlas {
  imaging::Volume<std::uint8_t> structures;  ///< FreeSurfer ids as the network names them
  imaging::Volume<std::uint8_t> lobes;       ///< lobes, in the cortex and some mm beyond it; 0 elsewhere
};
Result<LobeAtlas> load_lobe_atlas(const std::filesystem::path& folder);

/// `ids`: FreeSurfer ids with sides, at 1 mm. Cortex over 12 mm away from the atlas' cortex has no lobe.
Lobes find_lobes(const imaging::Volume<std::uint8_t>& ids, const LobeAtlas&, int threads);

/// [{name, side, ml}], or {"none_because": why}.
Json to_json(const Lobes&);
/// One row per lobe and side: name, side, ml.
std::string to_csv(const Lobes&);

}  // namespace larmor::processing::brain

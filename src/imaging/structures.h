#pragma once
/// The brain structures that Larmor names: one table for the network's output, segmentations, reports, pictures and the
/// web.
///
/// Numbers are FreeSurfer's (FreeSurferColorLUT.txt); codes are those of DICOM PS3.16 CID 7140 (brain structure for
/// volumetric measurement), CID 7150 (category) and CID 244 (laterality). Colours keep the hues that readers of
/// FreeSurfer know, with their lightness evened out so that every outline can be seen on black and on white. Constant
/// data; any thread may read it.
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace larmor::imaging {

enum class Side { middle, left, right };

struct Code {
  std::string_view value, scheme, meaning;
};

struct Rgb {
  std::uint8_t red = 0, green = 0, blue = 0;
  bool operator==(const Rgb&) const = default;
};

struct Structure {
  int id = 0;             ///< voxel value in a label volume
  std::string_view key;   ///< FreeSurfer's name: "Left-Hippocampus"
  std::string_view name;  ///< without the side, for people: "hippocampus"
  Side side = Side::middle;
  int partner = 0;  ///< id of the same structure on the other side; 0 on the midline
  Code category, type;
  Rgb colour;
};

/// Ascending by id; background (0) is not among them.
std::span<const Structure> structures();
/// Null where no structure has that number.
const Structure* structure(int id);

/// A part of the cerebral cortex, on either side.
struct Lobe {
  int number = 0;         ///< voxel value in models/brain/atlas/lobes.nii.gz
  std::string_view name;  ///< for people: "frontal lobe"
  Code type;              ///< CID 7153 (CNS segmentation type); the cingulate gyrus has no code there
};
/// Frontal, parietal, temporal, occipital, cingulate, insula: numbers 1 to 6 in this order.
std::span<const Lobe> lobes();

/// Lateral, inferior lateral, third and fourth.
bool is_ventricle(int id);
/// Brain tissue: labelled, and neither a ventricle nor fluid.
bool is_tissue(int id);
/// Of the cerebrum.
bool is_white_matter(int id);
bool is_cortex(int id);

/// "left", "right", "middle".
std::string_view name(Side);
/// "left hippocampus", "brainstem".
std::string full_name(const Structure&);
/// (SCT) Left or Right; null on the midline.
const Code* laterality(Side);

/// Recommended Display CIELab Value (0062,000D): D50, scaled to 16 bits as in PS3.3 C.10.7.1.1.
std::array<std::uint16_t, 3> to_dicom_lab(Rgb);

}  // namespace larmor::imaging

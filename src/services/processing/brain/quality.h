#pragma once
/// How far an image and the labels on it can be trusted, in numbers. What is made of them is judge.h's.
///
/// All on the 1 mm grid, RAS; brightness is the picture's, white matter near 1. Pure; below 0.3 s for a head in 256 x
/// 256 x 256 mm. Where each number comes from and what it is on good and on damaged scans:
/// docs/decisions/2026-11-27-quality-flags.md.
#include <optional>
#include <string>

#include "base/json.h"
#include "services/processing/brain/one_sided.h"

namespace larmor::processing::brain {

/// Dice of two passes of the network, 0..1, for thalamus, caudate, putamen, pallidum, hippocampus and amygdala.
struct SecondLook {
  double mean = 0, lowest = 0;
  std::string lowest_name;  ///< "pallidum"
};

/// What cannot be measured is absent.
struct Quality {
  /// How much brighter the air is that lies along one axis of the image from the head than the air along none. A head
  /// that moves throws ghosts along the phase encoding axes; noise is everywhere. (The idea of a ghost ratio by regions
  /// of air is that of the ACR's phantom test; for a head, Mortamet et al., Magn Reson Med 2009;62:365, look for what
  /// is no noise in the air.) Absent where the air was cut away or set to zero.
  std::optional<double> ghosts;
  std::string ghosts_along;  ///< "front to back"
  /// (white matter - cortex) / white matter: the median of blocks of 16 mm, so that a bias field does not count.
  std::optional<double> contrast;
  /// The same difference over the root of the sum of both variances (Magnotta and Friedman, J Digit Imaging
  /// 2006;19:140).
  std::optional<double> contrast_to_noise;
  /// Share of the brain's outline, seen along an axis, that ends in one and the same plane: a plane of the image cuts
  /// it.
  double cut = 0;
  std::string cut_at;  ///< "top", "left" ...: where `cut` was seen
  OneSided one_sided;
  double void_mm =
      0;  ///< diameter of the largest ball without any signal within the head, no further down than the brain
  /// Share of the fluid around the brain that is over 1.2 times as bright as white matter: vessels with contrast agent.
  double bright_fluid = 0;
  double negative = 0;  ///< share of the input's voxels clearly below zero (2% of its highest), which count as zero
  std::optional<SecondLook> second_look;  ///< see second_look.h
};

/// All but what is measured on the input itself, and the second look. `picture` is the whole image; `ids`
/// (FreeSurfer's) and `confidence` (255 is certain) are of that box in it.
Quality assess(const imaging::Volume<float>& picture, const imaging::Box& box, const imaging::Volume<std::uint8_t>& ids,
               const imaging::Volume<std::uint8_t>& confidence);

Json to_json(const Quality&);

}  // namespace larmor::processing::brain

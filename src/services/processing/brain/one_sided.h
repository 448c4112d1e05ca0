#pragma once
/// Where one half of the brain is unlike the other: a mass, a cavity, a void beside metal, one ventricle much larger.
///
/// The network has no label for a tumour: it calls it white matter, cortex or ventricle. What gives it away is that the
/// mirror image has another label or another brightness, over a width that no gyrus has. Pure.
#include <string>

#include "imaging/resample.h"

namespace larmor::processing::brain {

/// The widest place that is white or deep grey matter on one side alone.
struct OneSided {
  double mm = 0;          ///< diameter of the largest ball within it
  double ml = 0;          ///< volume of the piece around that ball
  double brightness = 0;  ///< mean, as a share of white matter's
  bool right = false;     ///< on the patient's right: the side that is less like white matter
  std::string label;      ///< what most of it is called: "cerebral cortex", "nothing"
};

/// `head` and `ids` (FreeSurfer's) on one 1 mm grid, RAS; `white` and `cortex` are their brightness. Zeros where no
/// midplane can be found.
OneSided find_one_sided(const imaging::Volume<float>& head, const imaging::Volume<std::uint8_t>& ids, double white,
                        double cortex);

}  // namespace larmor::processing::brain

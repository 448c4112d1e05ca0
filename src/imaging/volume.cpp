#include "imaging/volume.h"

#include <cmath>

namespace larmor::imaging {

double voxel_ml(const Grid& g) {
  return std::abs(g.to_world.determinant()) / 1000;
}

}  // namespace larmor::imaging

#pragma once
/// A smooth deformation that takes volume from the brain's tissue and gives it to the fluid around and within it.
///
/// The displacement minimises the unevenness of the tissue's loss and its own roughness, with the skull held still: a
/// penalised Stokes problem, as in Khanal et al., NeuroImage 2016;132:205, on a staggered grid of two voxels, solved by
/// conjugate gradients. Between the grid's points it is a cubic B-spline, so that its Jacobian is known exactly.
/// Immutable; any thread. The same bytes for every number of threads.
#include <array>
#include <optional>

#include "imaging/morphology.h"

namespace larmor::imaging {

class Shrinkage {
 public:
  /// Masks on one grid near 1 mm: what loses volume, and all that lies within the skull. Four voxels outside of the
  /// skull nothing moves.
  Shrinkage(const Mask& tissue, const Mask& skull, int threads);

  /// Of every unit of tissue this share is lost, nearly: 0.01 is one percent. Negative grows.
  void set_amount(double amount) { amount_ = amount; }

  /// Where the thing now at `at` was before. All places in voxels of the masks.
  Point before(const Point& at) const;
  /// Where the thing that was at `at` is now: the inverse, to a millionth of a voxel.
  Point after(const Point& at) const;
  /// Volume now over volume before, of the thing that was at `at`.
  double growth(const Point& at) const;

 private:
  struct Motion {
    Point shift{};
    std::array<Point, 3> slope{};  ///< slope[i][j]: d shift[i] / d place[j]
  };
  Motion motion(const Point& at, bool with_slope) const;

  std::array<Volume<float>, 3> shift_;
  double amount_ = 0;
};

}  // namespace larmor::imaging

#pragma once
/// A second visit of a head that has been scanned once, with a change of volume that is known exactly.
///
/// Pure; the same seed gives the same bytes. Nothing here is a patient's: every output must say "simulated".
#include "base/result.h"
#include "imaging/exponential.h"
#include "imaging/morphology.h"

namespace larmor::imaging {

struct Visit {
  double brain_change_percent = 0;  ///< of the tissue's volume at the first visit; -10 to 10
  std::uint64_t seed = 1;
  double noise = 0.02;  ///< standard deviation of the Rician noise that is added, of white matter's brightness
  double shade = 0.1;   ///< the new coil's bias field: brightness changes by up to about this share
  double move_mm = 2;   ///< the head lies up to this far off along each axis
  double turn_deg = 2;  ///< and is turned by up to this about each axis
};

struct StructureTruth {
  int id = 0;  ///< FreeSurfer's
  double before_ml = 0, after_ml = 0;
};

/// How the description in a simulated visit's file begins, so that everything made from it can say so.
inline constexpr std::string_view kSimulated = "Simulated by Larmor: ";

struct SimulatedVisit {
  Volume<float> image;                     ///< on the grid of the first
  std::vector<StructureTruth> structures;  ///< ascending by id; volumes are integrals of the deformation's Jacobian
  Generator motion{};  ///< about the labels' centre, log of the rigid map from first to second visit
};

/// `image` is the first visit; `labels` are its structures on a grid near 1 mm in the same world. Failures: `invalid`
/// (no tissue in the labels, a change beyond 10 %).
Result<SimulatedVisit> simulate_visit(const Volume<float>& image, const Volume<std::uint8_t>& labels, const Visit&,
                                      int threads);

}  // namespace larmor::imaging

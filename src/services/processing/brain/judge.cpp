#include "services/processing/brain/judge.h"

namespace larmor::processing::brain {
namespace {

/// One number that must lie in a range. The ranges are wide: from a small atrophic head to a large healthy one, with
/// room.
struct Bound {
  double Evidence::*number;
  double least, most;
  std::string_view name;
};
constexpr std::array kBounds = {
    Bound{&Evidence::brain_ml, 600, 2200, "ml of brain"},
    Bound{&Evidence::cerebrum_ml, 400, 1900, "ml of cerebral cortex and white matter"},
    Bound{&Evidence::white_share, 0.2, 0.65, "as the white matter's share of the cerebrum"},
    Bound{&Evidence::cerebellum_share, 0.03, 0.25, "as the cerebellum's share of the brain"},
    Bound{&Evidence::deep_ml, 15, 150, "ml of deep grey matter"},
    Bound{&Evidence::symmetry, 0.55, 1, "as the likeness of left and right"},
    Bound{&Evidence::confidence, 0.6, 1, "as the network's mean confidence"},
    Bound{&Evidence::compactness, 0.3, 0.75, "as the share of its bounding box that the brain fills"},
};
constexpr int kLeastFound = 9;
constexpr int kPairs = 12;

}  // namespace

std::optional<std::string> refusal(const Evidence& e) {
  std::string why;
  const auto add = [&](std::string text) { why += (why.empty() ? "not a brain: " : "; ") + std::move(text); };
  for (const auto& b : kBounds) {
    const double v = e.*b.number;
    if (!(v >= b.least && v <= b.most))
      add(fmt::format("found {:.3g} {}, expected {:g} to {:g}", v, b.name, b.least, b.most));
  }
  if (e.found < kLeastFound)
    add(fmt::format("only {} of {} pairs of structures have a plausible size on both sides, expected {} or more",
                    e.found, kPairs, kLeastFound));
  if (why.empty()) return std::nullopt;
  return why;
}

std::vector<Flag> flags(const Evidence& e, const std::vector<Measured>& all, const imaging::Point& spacing) {
  std::vector<Flag> out;
  const double widest = std::max({spacing[0], spacing[1], spacing[2]});
  if (widest > 1.5)
    out.push_back(
        {"coarse_voxels", fmt::format("voxels are up to {:.1f} mm apart; small structures need 1 mm", widest)});
  if (e.confidence < 0.8)
    out.push_back(
        {"low_confidence", fmt::format("the network's mean confidence is {:.2f}; above 0.8 is usual", e.confidence)});
  if (e.symmetry < 0.8)
    out.push_back(
        {"asymmetry", fmt::format("left and right differ more than usual: mean likeness {:.2f}", e.symmetry)});
  if (e.kept < 0.5)
    out.push_back({"cut_away", fmt::format("{:.0f}% of what looked like brain lay apart from it and was cut away",
                                           100 * (1 - e.kept))});
  std::size_t missing = 0;
  for (const auto& m : all) missing += m.ml <= 0;
  if (missing > 0) out.push_back({"missing_structures", fmt::format("{} structures were not found at all", missing)});
  return out;
}

}  // namespace larmor::processing::brain

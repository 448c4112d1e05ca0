#include "services/processing/brain/lesion_list.h"

#include <numeric>

#include "services/processing/brain/rounded.h"

namespace larmor::processing::brain {
namespace {

using imaging::Mask;
using imaging::Point;
using imaging::Side;

// Partial volume leaves a rim of normal white matter between a lesion and the ventricle that it touches.
constexpr int kVentricleReach = 2, kCortexReach = 1;  // voxels

/// What is counted of a piece, voxel by voxel.
struct Tally {
  double voxels = 0, brightness = 0;
  Point sum{};
  double right = 0;  ///< voxels of the right side less those of the left
  bool at_ventricle = false, at_cortex = false;
  double fresh = 0, grown = 0;
  double nearest = std::numeric_limits<double>::infinity();  ///< of its voxels to its middle, squared mm
};

int right_of(int label) {
  const auto* s = imaging::structure(label);
  return !s || s->side == Side::middle ? 0 : s->side == Side::right ? 1 : -1;
}

std::string_view place_of(const Tally& t) {
  return t.at_ventricle ? "periventricular" : t.at_cortex ? "juxtacortical" : "deep";
}

Lesion lesion_of(const Tally& t, const imaging::Grid& grid) {
  return {.ml = t.voxels * imaging::voxel_ml(grid),
          .brightness = t.brightness / t.voxels,
          .side = t.right == 0  ? Side::middle
                  : t.right > 0 ? Side::right
                                : Side::left,
          .place = place_of(t),
          .fate = 2 * t.fresh > t.voxels  ? Fate::fresh
                  : t.fresh + t.grown > 0 ? Fate::grown
                                          : Fate::unknown};
}

/// Calls `visit(piece, voxel, mm)` for all that is in a piece.
template <class Visit>
void each(const imaging::Pieces& parts, const Visit& visit) {
  const auto& number = parts.number;
  const auto& s = number.shape();
  for (std::size_t a = 0, i = 0; a < s[0]; ++a)
    for (std::size_t b = 0; b < s[1]; ++b)
      for (std::size_t c = 0; c < s[2]; ++c, ++i)
        if (number.voxels[i]) visit(number.voxels[i], i, number.grid.to_world({double(a), double(b), double(c)}));
}

}  // namespace

std::vector<Lesion> list_lesions(Mask& mask, const imaging::Volume<float>& brightness,
                                 const imaging::Volume<std::uint8_t>& labels, std::size_t least, const Fates* fates) {
  const auto parts = imaging::pieces(mask);
  const auto by_ventricle = imaging::dilate(imaging::mask_where(labels, imaging::is_ventricle), kVentricleReach),
             by_cortex = imaging::dilate(imaging::mask_where(labels, imaging::is_cortex), kCortexReach);
  std::vector<Tally> tallies(parts.sizes.size());
  each(parts, [&](std::size_t part, std::size_t i, const Point& at) {
    auto& t = tallies[part];
    t.voxels += 1, t.brightness += brightness.voxels[i];
    for (int d = 0; d < 3; ++d) t.sum[d] += at[d];
    t.right += right_of(labels.voxels[i]);
    t.at_ventricle |= by_ventricle.voxels[i] > 0, t.at_cortex |= by_cortex.voxels[i] > 0;
    const auto fate = fates ? Fate(fates->voxels[i]) : Fate::unknown;
    t.fresh += fate == Fate::fresh, t.grown += fate == Fate::grown;
    if (parts.sizes[part] < least) mask.voxels[i] = 0;
  });
  std::vector<Lesion> all(tallies.size());
  for (std::size_t part = 1; part < all.size(); ++part) all[part] = lesion_of(tallies[part], mask.grid);
  each(parts, [&](std::size_t part, std::size_t, const Point& at) {
    auto& t = tallies[part];
    double far = 0;
    for (int d = 0; d < 3; ++d) far += std::pow(at[d] - t.sum[d] / t.voxels, 2);
    if (far < t.nearest) t.nearest = far, all[part].centre = at;
  });
  std::vector<Lesion> out;
  for (std::size_t part = 1; part < all.size(); ++part)
    if (parts.sizes[part] >= least) out.push_back(all[part]);
  std::stable_sort(out.begin(), out.end(), [](const Lesion& a, const Lesion& b) { return a.ml > b.ml; });
  return out;
}

double sum_ml(const std::vector<Lesion>& all) {
  return std::accumulate(all.begin(), all.end(), 0.0, [](double ml, const Lesion& l) { return ml + l.ml; });
}

Json to_json(const Lesion& l) {
  Json out{{"ml", rounded(l.ml)},
           {"centre_mm", {std::round(l.centre[0]), std::round(l.centre[1]), std::round(l.centre[2])}},
           {"brightness", rounded(l.brightness)},
           {"side", imaging::name(l.side)},
           {"place", l.place}};
  if (l.fate != Fate::unknown) out["kind"] = l.fate == Fate::fresh ? "new" : "grown";
  return out;
}

}  // namespace larmor::processing::brain

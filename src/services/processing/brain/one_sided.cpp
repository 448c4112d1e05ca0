#include "services/processing/brain/one_sided.h"

#include <cmath>

#include "imaging/midplane.h"
#include "imaging/morphology.h"
#include "imaging/structures.h"

namespace larmor::processing::brain {
namespace {

using Head = imaging::Volume<float>;
using Labels = imaging::Volume<std::uint8_t>;
using Set = std::array<bool, 256>;

constexpr int kWidest = 40;      // mm: more than half a brain holds
constexpr double kUnlike = 0.7;  // of the step from white matter to cortex

constexpr Set set_of(std::initializer_list<int> ids) {
  Set out{};
  for (const int id : ids) out[std::size_t(id)] = true;
  return out;
}
/// Deep structures between whose halves the midplane lies; ventricles may be lopsided, so they have no say.
constexpr Set kPaired = set_of({10, 11, 12, 13, 17, 49, 50, 51, 52, 53});
constexpr Set kWhite = set_of({2, 41});
constexpr Set kVentricles = set_of({4, 5, 43, 44});
/// What lies within the cortex and is no fluid, and the brainstem.
constexpr Set kSolid = set_of({2, 10, 11, 12, 13, 16, 17, 18, 26, 28, 41, 49, 50, 51, 52, 53, 54, 58, 60});

bool in(const Set& set, int id) {
  return set[std::size_t(id)];
}

/// Where a voxel lies in the mirror.
class Mirror {
 public:
  Mirror(const imaging::Midplane& plane, const imaging::Shape& shape) : plane_(plane), shape_(shape) {}
  std::optional<imaging::Shape> of(std::size_t a, std::size_t b, std::size_t c) const {
    const double beyond =
        double(a) - plane_.at - plane_.along_b * (double(b) - plane_.b0) - plane_.along_c * (double(c) - plane_.c0);
    const double twice = 2 * beyond / (1 + plane_.along_b * plane_.along_b + plane_.along_c * plane_.along_c);
    const std::array at{double(a) - twice, double(b) + twice * plane_.along_b, double(c) + twice * plane_.along_c};
    imaging::Shape out;
    for (std::size_t d = 0; d < 3; ++d) {
      if (!(at[d] >= 0 && at[d] + 0.5 < double(shape_[d]))) return std::nullopt;
      out[d] = std::size_t(at[d] + 0.5);
    }
    return out;
  }

 private:
  imaging::Midplane plane_;
  imaging::Shape shape_;
};

/// Mean of the voxel and its 26 neighbours, as far as they are there: the mirror is no better than a voxel.
double around(const Head& head, const imaging::Shape& at) {
  imaging::Shape low, high;
  for (std::size_t d = 0; d < 3; ++d) {
    low[d] = at[d] > 0 ? at[d] - 1 : 0;
    high[d] = std::min(at[d] + 2, head.shape()[d]);
  }
  double sum = 0, n = 0;
  for (std::size_t a = low[0]; a < high[0]; ++a)
    for (std::size_t b = low[1]; b < high[1]; ++b)
      for (std::size_t c = low[2]; c < high[2]; ++c) sum += head(a, b, c), ++n;
  return sum / n;
}

/// Solid in the mirror alone, ventricle here alone, or darker than the mirror's white matter.
imaging::Mask unlike_places(const Head& head, const Labels& ids, const Mirror& mirror, double step) {
  imaging::Mask out(ids.grid);
  std::size_t i = 0;
  for (std::size_t a = 0; a < ids.shape()[0]; ++a)
    for (std::size_t b = 0; b < ids.shape()[1]; ++b)
      for (std::size_t c = 0; c < ids.shape()[2]; ++c, ++i) {
        const auto there = mirror.of(a, b, c);
        if (!there) continue;
        const int here = ids.voxels[i], opposite = ids((*there)[0], (*there)[1], (*there)[2]);
        out.voxels[i] = (in(kSolid, opposite) && !in(kSolid, here)) ||
                        (in(kVentricles, here) && !in(kVentricles, opposite)) ||
                        (in(kWhite, opposite) && around(head, {a, b, c}) < around(head, *there) - kUnlike * step);
      }
  return out;
}

/// What is found in the piece, here and in the mirror.
struct Tally {
  std::array<std::size_t, 256> ids{};
  double brightness = 0, n = 0;
  void add(int id, double v) { ++ids[std::size_t(id)], brightness += v, ++n; }
};

}  // namespace

OneSided find_one_sided(const Head& head, const Labels& ids, double white, double cortex) {
  OneSided out;
  const auto plane = imaging::find_midplane(imaging::mask_where(ids, [](int id) { return in(kPaired, id); }));
  if (!plane) return out;
  const Mirror mirror(*plane, ids.shape());
  const auto places = unlike_places(head, ids, mirror, white - cortex);
  const int radius = imaging::radius(places, kWidest);
  if (radius == 0) return out;
  const auto piece = imaging::grow_within(imaging::largest_piece(imaging::erode(places, radius)), places, radius);
  Tally here, there;
  double on_the_right = 0;
  std::size_t i = 0;
  for (std::size_t a = 0; a < ids.shape()[0]; ++a)
    for (std::size_t b = 0; b < ids.shape()[1]; ++b)
      for (std::size_t c = 0; c < ids.shape()[2]; ++c, ++i) {
        if (!piece.voxels[i]) continue;
        const auto at = *mirror.of(a, b, c);
        here.add(ids.voxels[i], head.voxels[i]);
        there.add(ids(at[0], at[1], at[2]), head(at[0], at[1], at[2]));
        on_the_right += plane->is_right(a, b, c);
      }
  // A bright mass makes the healthy side the darker one.
  const auto off = [&](const Tally& t) { return std::abs(t.brightness / t.n - white); };
  const Tally& odd = off(there) > off(here) ? there : here;
  out.mm = 2 * radius + 1;
  out.ml = odd.n * imaging::voxel_ml(ids.grid);
  out.brightness = odd.brightness / odd.n / white;
  out.right = (2 * on_the_right > here.n) == (&odd == &here);
  const auto* most = imaging::structure(int(std::max_element(odd.ids.begin(), odd.ids.end()) - odd.ids.begin()));
  out.label = most ? most->name : "nothing";
  return out;
}

}  // namespace larmor::processing::brain

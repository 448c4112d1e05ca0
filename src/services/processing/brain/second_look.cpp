#include "services/processing/brain/second_look.h"

#include <cmath>

#include "imaging/morphology.h"
#include "imaging/structures.h"
#include "services/processing/brain/segment.h"

namespace larmor::processing::brain {
namespace {

constexpr std::array kLookedAt = {10, 11, 12, 13, 17, 18};  // FreeSurfer's, left
constexpr std::size_t kMargin = 16;                         // mm around them for the network to see; see docs/decisions
constexpr float kGamma = 0.85f;

/// For each class its place in kLookedAt, counted from 1; 0 for all others.
using Places = std::array<std::uint8_t, 256>;
Places places_of(const Model& model) {
  Places out{};
  for (std::size_t i = 0; i < kLookedAt.size(); ++i)
    if (const int c = model.class_of(kLookedAt[i]); c > 0) out[std::size_t(c)] = std::uint8_t(i + 1);
  return out;
}

/// Empty where none of the structures was found.
imaging::Box box_around(const imaging::Volume<std::uint8_t>& classes, const Places& places) {
  const auto box = imaging::bounds(imaging::mask_where(classes, [&](std::uint8_t c) { return places[c] != 0; }));
  return box.high[0] == 0 ? box : imaging::grown(box, kMargin, classes.shape());
}

/// Mirrors the first index.
template <class T>
void mirror(imaging::Volume<T>& v) {
  const std::size_t sheet = v.shape()[1] * v.shape()[2];
  for (std::size_t a = 0; a < v.shape()[0] / 2; ++a)
    std::swap_ranges(v.voxels.begin() + std::ptrdiff_t(a * sheet), v.voxels.begin() + std::ptrdiff_t((a + 1) * sheet),
                     v.voxels.begin() + std::ptrdiff_t((v.shape()[0] - 1 - a) * sheet));
}

}  // namespace

Result<SecondLook> look_again(const imaging::Volume<float>& head, const imaging::Volume<std::uint8_t>& classes,
                              const Model& model, Network& network) {
  SecondLook out;
  const auto places = places_of(model);
  const auto box = box_around(classes, places);
  if (box.high[0] == 0) return out;
  auto part = imaging::crop(head, box);
  for (auto& v : part.voxels) v = std::pow(v, kGamma);
  mirror(part);
  auto again = TRY(segment(part, model, network)).classes;
  mirror(again);

  std::array<double, kLookedAt.size() + 1> first{}, second{}, both{};
  std::size_t i = 0;
  for (std::size_t a = box.low[0]; a < box.high[0]; ++a)
    for (std::size_t b = box.low[1]; b < box.high[1]; ++b)
      for (std::size_t c = box.low[2]; c < box.high[2]; ++c, ++i) {
        const auto p = places[classes(a, b, c)], q = places[again.voxels[i]];
        ++first[p], ++second[q];
        if (p == q) ++both[p];
      }
  out.lowest = 1;
  for (std::size_t k = 1; k < first.size(); ++k) {
    const double all = first[k] + second[k], dice = all > 0 ? 2 * both[k] / all : 0;
    out.mean += dice / double(kLookedAt.size());
    if (dice < out.lowest || k == 1) {
      out.lowest = dice;
      out.lowest_name = imaging::structure(kLookedAt[k - 1])->name;
    }
  }
  return out;
}

}  // namespace larmor::processing::brain

#include "services/processing/brain/segment.h"

#include "imaging/morphology.h"

namespace larmor::processing::brain {
namespace {

constexpr int kFluid = 24;       // FreeSurfer's CSF: everything around the brain, never a bridge
constexpr int kBridge = 2;       // mm eaten from each side
constexpr int kRegrow = 6;       // mm given back within the tissue: thin gyri and the tentorium's folds
constexpr int kFluidReach = 15;  // mm: wider than the widest atrophic sulcus, narrower than the way to an eye

/// Cut to at most this many voxels at once: the network takes about 130 bytes for each at its widest.
constexpr std::size_t kMostAtOnce = 12'000'000;
constexpr std::size_t kOverlap = 48;  // mm on each side of a slab, beyond which the network hardly looks

std::size_t padded(std::size_t n, const Model& m) {
  return (n + m.side_multiple - 1) / m.side_multiple * m.side_multiple + m.extra;
}

/// One run of the network on slices [low, high) of the first index.
Result<void> run_slab(Network& network, const Model& m, const imaging::Volume<float>& image, std::size_t low,
                      std::size_t high, std::size_t keep_low, std::size_t keep_high, Segmented& out) {
  const imaging::Shape inner{high - low, image.shape()[1], image.shape()[2]};
  imaging::Shape outer, before;
  for (int d = 0; d < 3; ++d) {
    outer[d] = padded(inner[d], m);
    before[d] = (outer[d] - inner[d]) / 2;
  }
  imaging::Volume<float> input(imaging::Grid{outer, {}});
  for (std::size_t a = 0; a < inner[0]; ++a)
    for (std::size_t b = 0; b < inner[1]; ++b)
      std::copy_n(&image(low + a, b, 0), inner[2], &input(a + before[0], b + before[1], before[2]));
  const auto answer = TRY(network.run(input));
  if (answer.classes.size() != input.size() || answer.confidence.size() != input.size())
    return fail(Code::unsupported, "the network answers with {} and {} voxels to an image of {}", answer.classes.size(),
                answer.confidence.size(), input.size());
  for (std::size_t a = keep_low; a < keep_high; ++a)
    for (std::size_t b = 0; b < inner[1]; ++b) {
      const auto from = std::ptrdiff_t(input.index(a - low + before[0], b + before[1], before[2]));
      std::copy_n(answer.classes.begin() + from, inner[2], &out.classes(a, b, 0));
      std::copy_n(answer.confidence.begin() + from, inner[2], &out.confidence(a, b, 0));
    }
  return {};
}

}  // namespace

Result<Segmented> segment(const imaging::Volume<float>& image, const Model& m, Network& network) {
  Segmented out{imaging::Volume<std::uint8_t>(image.grid), imaging::Volume<std::uint8_t>(image.grid)};
  const std::size_t sheet = padded(image.shape()[1], m) * padded(image.shape()[2], m), n = image.shape()[0];
  const std::size_t most = std::max(kMostAtOnce / sheet, m.extra + 3 * kOverlap);
  const std::size_t step = padded(n, m) <= most ? n : most - m.extra - 2 * kOverlap;
  for (std::size_t low = 0; low < n; low += step) {
    const std::size_t high = std::min(low + step, n);
    const std::size_t from = low > kOverlap ? low - kOverlap : 0, to = std::min(high + kOverlap, n);
    CHECK_OK(run_slab(network, m, image, from, to, low, high, out));
  }
  for (const auto c : out.classes.voxels)
    if (c >= m.classes.size())
      return fail(Code::unsupported, "the network answers with class {}, the manifest has none", c);
  return out;
}

double clean(imaging::Volume<std::uint8_t>& classes, const Model& m) {
  const int fluid = m.class_of(kFluid);
  imaging::Mask tissue(classes.grid);
  for (std::size_t i = 0; i < classes.size(); ++i)
    tissue.voxels[i] = classes.voxels[i] != 0 && classes.voxels[i] != fluid;
  const std::size_t all = imaging::count(tissue);
  if (all == 0) return 0;
  const auto core = imaging::largest_piece(imaging::erode(tissue, kBridge));
  const auto brain = imaging::grow_within(core, tissue, kRegrow);
  const auto near = imaging::dilate(brain, kFluidReach);
  for (std::size_t i = 0; i < classes.size(); ++i)
    if (!(brain.voxels[i] || (classes.voxels[i] == fluid && near.voxels[i]))) classes.voxels[i] = 0;
  return double(imaging::count(brain)) / double(all);
}

}  // namespace larmor::processing::brain

#include "services/processing/brain/analyse.h"

#include <cmath>
#include <future>

#include "imaging/intensity.h"
#include "imaging/resample.h"
#include "services/processing/brain/border.h"
#include "services/processing/brain/head.h"
#include "services/processing/brain/judge.h"
#include "services/processing/brain/measure.h"
#include "services/processing/brain/model.h"
#include "services/processing/brain/second_look.h"
#include "services/processing/brain/segment.h"

namespace larmor::processing::brain {
namespace {

/// A head in 512 x 512 x 350 mm. The grid of 1 mm and what is made from it take 9 bytes for each.
constexpr std::size_t kMostWork = 100'000'000;

/// A volume in which a head fits and can be seen, before anything is computed on it.
Result<void> check_grid(const imaging::Grid& grid) {
  const auto& s = grid.shape;
  if (imaging::count(s) == 0 || !imaging::is_usable(grid.to_world))
    return fail(Code::invalid, "the image has no place in space that spans a volume");
  const auto mm = imaging::spacing(grid.to_world);
  if (std::abs(grid.to_world.determinant()) < 0.98 * mm[0] * mm[1] * mm[2])
    return fail(Code::unsupported, "the image's axes are not perpendicular to each other (a tilted gantry?)");
  for (int d = 0; d < 3; ++d) {
    const double wide = mm[d] * double(s[d]);
    if (!(mm[d] >= 0.1 && mm[d] <= 8))
      return fail(Code::unsupported, "voxels lie {:.3g} mm apart along one axis; a brain is measured from 0.1 to 8 mm",
                  mm[d]);
    if (!(wide >= 70 && wide <= 700))
      return fail(Code::unsupported,
                  "not a brain: the image is {:.0f} x {:.0f} x {:.0f} mm; a head needs 70 to 700 mm each way",
                  mm[0] * double(s[0]), mm[1] * double(s[1]), mm[2] * double(s[2]));
  }
  if (imaging::count(imaging::canonical(grid).shape) > kMostWork)
    return fail(Code::unsupported,
                "the image covers {:.0f} x {:.0f} x {:.0f} mm; at 1 mm that is more than the {} million voxels that a "
                "head is given",
                mm[0] * double(s[0]), mm[1] * double(s[1]), mm[2] * double(s[2]), kMostWork / 1'000'000);
  return {};
}

double share_below(const imaging::Volume<float>& image, float limit) {
  const auto n = std::count_if(image.voxels.begin(), image.voxels.end(), [&](float v) { return v < limit; });
  return double(n) / double(image.size());
}

/// The labels of the box, in the whole 1 mm grid.
imaging::Volume<std::uint8_t> uncrop(const imaging::Volume<std::uint8_t>& part, const imaging::Box& box,
                                     const imaging::Grid& grid) {
  imaging::Volume<std::uint8_t> out(grid);
  imaging::paste(part, box, out);
  return out;
}

/// The network's troubles are not the image's, whatever their code says.
template <class T>
Result<T> not_the_images_fault(Result<T> result) {
  if (result || result.error().code == Code::not_found || row(result.error().code).retryable) return result;
  Error error = result.error();
  error.code = Code::internal;
  return fail_with(std::move(error));
}

Result<Lobes> lobes_of(const imaging::Volume<std::uint8_t>& ids, const Options& options) {
  const auto atlas = TRY(not_the_images_fault(load_lobe_atlas(options.models / "brain/atlas")));
  return find_lobes(ids, atlas, options.threads);
}

}  // namespace

Result<Findings> analyse(const imaging::Volume<float>& image, const Options& options, const Progress& progress) {
  progress(0.02, "check");
  CHECK_OK(check_grid(image.grid));
  const auto range = TRY(imaging::check_intensities(image));
  if (range.distinct < 16)
    return fail(Code::unsupported,
                "not a brain: the image has only {} different intensities; this looks like a mask or labels",
                range.distinct);
  const Model model = TRY(not_the_images_fault(load_model(options.models / "brain")));

  progress(0.05, "resample");
  Findings out;
  out.model = model.name;
  out.version = model.version;
  out.weights = model.sha256.substr(0, 16);
  out.picture = imaging::to_canonical(image, imaging::canonical(image.grid));
  CHECK_OK(imaging::normalise(out.picture));
  const auto box = find_head(out.picture, model.crop_above);
  if (box.high[0] == 0)
    return fail(Code::unsupported, "not a brain: nothing in the image is bright enough to be a head");

  progress(0.12, "segment");
  const auto head = imaging::crop(out.picture, box);
  const auto network = TRY(not_the_images_fault(Network::open(model, options)));
  out.engine = network->engine();
  auto segmented = TRY(not_the_images_fault(segment(head, model, *network)));

  progress(0.8, "clean");
  const double kept = clean(segmented.classes, model);
  settle_border(segmented.classes, head, model, options.threads);
  const auto ids = give_sides(segmented.classes, model);
  if (!ids) return fail(Code::unsupported, "not a brain: no deep structures lie on two sides of a plane");

  // Beside what follows, which keeps less than one core busy.
  auto lobes = std::async(std::launch::async, [&] { return lobes_of(*ids, options); });

  progress(0.88, "measure");
  out.structures = measure(*ids, segmented.confidence, model);
  out.evidence = weigh(out.structures, *ids, kept);
  out.quality = assess(out.picture, box, *ids, segmented.confidence);
  out.quality.negative = share_below(image, -0.02f * range.high);
  if (auto why = refusal(out.evidence, out.quality)) return fail(Code::unsupported, "{}", *why);
  out.confidence = out.evidence.confidence;
  out.intracranial_ml = intracranial_ml(*ids);

  if (options.second_look) {
    progress(0.89, "second look");
    out.quality.second_look = TRY(not_the_images_fault(look_again(head, segmented.classes, model, *network)));
  }
  out.flags = flags(out.evidence, out.quality, out.structures, imaging::spacing(image.grid.to_world));

  progress(0.91, "lobes");
  out.lobes = TRY(lobes.get());
  if (out.lobes.none_because.empty())
    out.lobes.labels = imaging::nearest(uncrop(out.lobes.labels, box, out.picture.grid), image.grid);

  progress(0.92, "labels");
  out.picture_labels = uncrop(*ids, box, out.picture.grid);
  out.labels = imaging::nearest(out.picture_labels, image.grid);
  return out;
}

}  // namespace larmor::processing::brain

#include "dicom/series/load.h"

#include "dicom/series/pixels.h"

namespace larmor::dicom {

Result<imaging::Volume<float>> load_volume(const SeriesImages& series, const Stack& stack) {
  imaging::Volume<float> volume(stack.grid);
  const std::size_t n = stack.grid.shape[1] * stack.grid.shape[2];
  // One pass over each file, however many planes it holds.
  std::map<std::size_t, std::vector<WantedFrame>> wanted;
  for (std::size_t k = 0; k < stack.planes.size(); ++k)
    wanted[stack.planes[k].image].push_back({stack.planes[k].frame, std::span(volume.voxels).subspan(k * n, n)});
  for (auto& [image, frames] : wanted) {
    std::sort(frames.begin(), frames.end(),
              [](const WantedFrame& a, const WantedFrame& b) { return a.frame < b.frame; });
    auto done = read_frames(series.images[image], frames);
    if (!done) return fail_with(while_doing(series_name(series.first()), done.error()));
  }
  return volume;
}

namespace {

Result<LoadedSeries> read_choice(const Scanned& scanned, Choice choice) {
  LoadedSeries out;
  out.volume = TRY(load_volume(scanned.series[choice.series], choice.stack));
  out.source = std::move(choice.stack.source);
  out.source.contrast_agent = t1_likeness(scanned.series[choice.series].first()).agent;
  out.reason = std::move(choice.reason);
  return out;
}

}  // namespace

Result<LoadedSeries> load_t1(const std::filesystem::path& folder) {
  return load_t1(TRY(scan_folder(folder)));
}

Result<LoadedSeries> load_t1(const Scanned& scanned) {
  if (scanned.series.empty())
    return fail(Code::unsupported, "{} holds no DICOM images ({} other DICOM objects, {} other files)",
                scanned.folder.string(), scanned.without_pixels, scanned.other_files);
  return read_choice(scanned, TRY(choose_t1(scanned.series)));
}

Result<std::optional<LoadedSeries>> load_flair(const Scanned& scanned) {
  auto choice = choose_flair(scanned.series);
  if (!choice) return std::nullopt;
  return TRY(read_choice(scanned, std::move(*choice)));
}

}  // namespace larmor::dicom

#include "services/processing/brain/flair.h"

#include "dicom/series/load.h"
#include "imaging/nifti/nifti.h"

namespace larmor::processing::brain {
namespace {

struct Image {
  imaging::Volume<float> volume;
  std::string description;
};

Result<std::optional<Image>> load(const dicom::Scanned& study) {
  auto series = TRY(dicom::load_flair(study));
  if (!series) return std::nullopt;
  return Image{std::move(series->volume), series->reason};
}

/// Nothing where there is no FLAIR.
Result<std::optional<Image>> load(const Visit& visit) {
  if (visit.flair.empty()) return visit.study ? load(*visit.study) : Result<std::optional<Image>>(std::nullopt);
  if (std::filesystem::is_directory(visit.flair)) return load(TRY(dicom::scan_folder(visit.flair)));
  return Image{TRY(imaging::nifti::read_file(visit.flair)).volume, visit.flair.filename().string()};
}

Scan scan(const Visit& visit) {
  return {visit.found.picture, visit.found.picture_labels};
}

Json refused(const Error& e) {
  return {{"refused", e.what}};
}

/// Adds what changed since the prior, if that has a FLAIR.
void add_change(const Visit& prior, const Visit& now, const Lesions& lesions, int threads, FlairFindings& out) {
  const auto image = load(prior);
  if (image && !*image) return;
  const auto change = [&]() -> Result<LesionChange> {
    if (!image) return fail_with(image.error());
    const auto before = TRY(find_lesions((*image)->volume, scan(prior), threads));
    return compare_lesions(before, scan(prior), lesions, scan(now), threads);
  }();
  out.told["change"] = change ? to_json(*change) : refused(change.error());
  if (!change) return;
  for (std::size_t i = 0; i < out.lesions.size(); ++i)
    if (const auto kind = change->kind.voxels[i]) out.lesions.voxels[i] = std::uint8_t(kind + 1);
}

}  // namespace

FlairFindings read_flair(const Visit& now, const Visit* prior, int threads) {
  const auto image = load(now);
  if (!image) return {refused(image.error()), {}};
  if (!*image) return {};
  auto lesions = find_lesions((*image)->volume, scan(now), threads);
  if (!lesions) return {refused(lesions.error()), {}};
  FlairFindings out{to_json(*lesions), lesions->mask};
  out.told["series"] = (*image)->description;
  if (prior) add_change(*prior, now, *lesions, threads, out);
  return out;
}

}  // namespace larmor::processing::brain

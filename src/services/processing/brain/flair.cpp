#include "services/processing/brain/flair.h"

#include "dicom/series/load.h"
#include "imaging/nifti/nifti.h"

namespace larmor::processing::brain {
namespace {

struct Image {
  imaging::Volume<float> volume;
  std::string description;
};

/// Nothing where there is no FLAIR.
Result<std::optional<Image>> load(const Visit& visit) {
  const auto& from = visit.flair.empty() ? visit.input : visit.flair;
  if (std::filesystem::is_directory(from)) {
    auto series = TRY(dicom::load_flair(from));
    if (!series) return std::nullopt;
    return Image{std::move(series->volume), series->reason};
  }
  if (visit.flair.empty()) return std::nullopt;
  return Image{TRY(imaging::nifti::read_file(from)).volume, from.filename().string()};
}

Scan scan(const Visit& visit) {
  return {visit.found.picture, visit.found.picture_labels};
}

Json refused(const Error& e) {
  return {{"refused", e.what}};
}

/// "change" of what is told about the lesions; null where the prior has no FLAIR.
Json change_since(const Visit& prior, const Visit& now, const Lesions& lesions, int threads) {
  const auto image = load(prior);
  if (!image) return refused(image.error());
  if (!*image) return {};
  const auto before = find_lesions((*image)->volume, scan(prior), threads);
  if (!before) return refused(before.error());
  const auto change = compare_lesions(*before, scan(prior), lesions, scan(now), threads);
  return change ? to_json(*change) : refused(change.error());
}

}  // namespace

FlairFindings read_flair(const Visit& now, const Visit* prior, int threads) {
  const auto image = load(now);
  if (!image) return {refused(image.error()), {}};
  if (!*image) return {};
  auto lesions = find_lesions((*image)->volume, scan(now), threads);
  if (!lesions) return {refused(lesions.error()), {}};
  FlairFindings out{to_json(*lesions), {}};
  out.told["series"] = (*image)->description;
  if (prior)
    if (auto change = change_since(*prior, now, *lesions, threads); !change.is_null()) out.told["change"] = change;
  out.lesions = std::move(lesions->mask);
  return out;
}

}  // namespace larmor::processing::brain

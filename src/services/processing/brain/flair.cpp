#include "services/processing/brain/flair.h"

#include "dicom/series/load.h"
#include "imaging/nifti/nifti.h"
#include "services/processing/brain/codes.h"

namespace larmor::processing::brain {
namespace {

constexpr imaging::Code kAbnormal{"49755003", "SCT", "Morphologically Abnormal Structure"};
constexpr std::array kKinds = {
    dicom::FindingKind{1, "white-matter lesions", kAbnormal, kWhiteMatterLesions, {255, 106, 0}},
    dicom::FindingKind{2, "new white-matter lesions", kAbnormal, kWhiteMatterLesions, {255, 0, 80}},
    dicom::FindingKind{3, "grown white-matter lesions", kAbnormal, kWhiteMatterLesions, {255, 196, 0}}};

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

std::string words_of(const Lesions& l) {
  return fmt::format("{} lesion{}, {:.2f} ml together.", l.found.size(), l.found.size() == 1 ? "" : "s", l.ml);
}

std::string words_of(const LesionChange& c) {
  const auto part = [](const std::vector<Lesion>& some, const char* word) {
    double ml = 0;
    for (const auto& lesion : some) ml += lesion.ml;
    return some.empty() ? fmt::format("none {}", word) : fmt::format("{} {} ({:.2f} ml)", some.size(), word, ml);
  };
  return fmt::format(" Since the earlier FLAIR {}, {}.", part(c.fresh, "new"), part(c.grown, "grown"));
}

/// Nothing where the prior has no FLAIR.
Result<std::optional<LesionChange>> changed(const Visit& prior, const Visit& now, const Lesions& lesions, int threads) {
  const auto image = TRY(load(prior));
  if (!image) return std::nullopt;
  const auto before = TRY(find_lesions(image->volume, scan(prior), threads));
  return TRY(compare_lesions(before, scan(prior), lesions, scan(now), threads));
}

FlairFindings told_of(Lesions lesions, const std::string& series) {
  FlairFindings out{to_json(lesions), {}, {}, lesions.ml, words_of(lesions)};
  out.lesions = std::move(lesions.mask);
  out.image = std::move(lesions.flair);
  out.told["series"] = series;
  return out;
}

FlairFindings told_of(Lesions lesions, const Scan& t1, const LesionChange& change, const std::string& series) {
  auto out = told_of(with_change(std::move(lesions), t1, change), series);
  out.told["change"] = to_json(change);
  out.words += words_of(change);
  for (std::size_t i = 0; i < out.lesions.size(); ++i)
    if (const auto fate = change.fate.voxels[i]; fate && out.lesions.voxels[i])
      out.lesions.voxels[i] = std::uint8_t(fate + 1);
  return out;
}

}  // namespace

std::span<const dicom::FindingKind> kinds_of_lesions() {
  return kKinds;
}

FlairFindings read_flair(const Visit& now, const Visit* prior, int threads) {
  const auto image = load(now);
  const auto unmeasured = [](const Error& e) {
    return FlairFindings{.told = refused(e), .words = fmt::format("Not measured: {}.", e.what)};
  };
  if (!image) return unmeasured(image.error());
  if (!*image) return {};
  auto lesions = find_lesions((*image)->volume, scan(now), threads);
  if (!lesions) return unmeasured(lesions.error());
  const auto change =
      prior ? changed(*prior, now, *lesions, threads) : Result<std::optional<LesionChange>>(std::nullopt);
  if (change && *change) return told_of(std::move(*lesions), scan(now), **change, (*image)->description);
  auto out = told_of(std::move(*lesions), (*image)->description);
  if (change) return out;
  out.told["change"] = refused(change.error());
  out.words += fmt::format(" Not compared with the earlier FLAIR: {}.", change.error().what);
  return out;
}

}  // namespace larmor::processing::brain

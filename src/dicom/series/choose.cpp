#include "dicom/series/choose.h"

#include <cctype>
#include <cmath>

namespace larmor::dicom {
namespace {

std::string lower(std::string text) {
  for (auto& c : text) c = char(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

bool has_any(const std::string& text, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(), [&](auto w) { return text.find(w) != std::string::npos; });
}

bool typed(const ImageHeader& h, std::string_view word) {
  return std::find(h.image_type.begin(), h.image_type.end(), word) != h.image_type.end();
}

/// Everything that people write into the names of a series.
std::string names(const ImageHeader& h) {
  return lower(h.series_description + " " + h.protocol + " " + h.sequence_name);
}

enum class Contrast { t1, unknown, flair, other };

/// What a name says; nothing where it is silent.
std::optional<Contrast> contrast_named(const std::string& name, std::string& said) {
  if (has_any(name, {"flair", "dark-fluid"}) && !has_any(name, {"t1"})) return said = "is FLAIR", Contrast::flair;
  if (has_any(name, {"t1", "mprage", "mp-rage", "mp_rage", "mp rage", "spgr", "bravo", "tfl3d", "3d tfe", "ir-fspgr"}))
    return said = "T1 by its name", Contrast::t1;
  if (has_any(name, {"t2", "swi", "pd_", "proton", "tof", "angio", "ciss", "fiesta", "space_dark"}))
    return said = "is named as another contrast", Contrast::other;
  return std::nullopt;
}

/// The names come first, because they say what was meant; the timing decides where they say nothing. The description
/// is the series' own; a protocol may be named after all that is scanned with it ("T1 T2 routine").
Contrast contrast(const ImageHeader& h, std::string& said) {
  for (const auto& name : {lower(h.series_description), lower(h.protocol + " " + h.sequence_name)})
    if (const auto c = contrast_named(name, said)) return *c;
  if (h.echo_ms > 30)
    return said = fmt::format("has an echo time of {:.0f} ms, too long for T1", h.echo_ms), Contrast::other;
  if (h.scanning_sequence.find("GR") != std::string::npos && h.acquisition == "3D" && h.echo_ms > 0 && h.echo_ms < 8)
    return said = "T1 by its timing (3D gradient echo)", Contrast::t1;
  if (h.inversion_ms >= 300 && h.inversion_ms <= 1400 && h.echo_ms < 15)
    return said = "T1 by its inversion time", Contrast::t1;
  return said = "of unstated contrast", Contrast::unknown;
}

/// What it is instead, where that can be seen before the images are looked at. Empty: nothing speaks against it.
std::string other_kind(const ImageHeader& h) {
  const auto name = names(h);
  if (h.modality != "MR") return fmt::format("is {}, not MR", h.modality.empty() ? "of no modality" : h.modality);
  if (typed(h, "LOCALIZER") || has_any(name, {"localizer", "localiser", "scout", "survey", "3-plane", "3plane"}))
    return "is a localizer";
  if (typed(h, "DIFFUSION") || typed(h, "ADC") || typed(h, "TRACEW") || typed(h, "FA") ||
      has_any(name, {"dwi", "dti", "diffusion"}))
    return "is a diffusion image";
  if (h.scanning_sequence.find("EP") != std::string::npos || typed(h, "EPI") || typed(h, "FMRI") ||
      has_any(name, {"fmri", "bold"}))
    return "is echo-planar";
  if (typed(h, "PROJECTION IMAGE") || typed(h, "MIP") || typed(h, "MPR_THICK") || has_any(name, {" mip", "mip "}))
    return "is a projection";
  if (typed(h, "SUBTRACTION")) return "is a subtraction";
  if (typed(h, "PERFUSION") || typed(h, "ASL") || has_any(name, {"asl", "perfusion"})) return "is a perfusion image";
  if (typed(h, "SCREEN SAVE") || typed(h, "CSA REPORT")) return "is a screen shot";
  return "";
}

struct Candidate {
  std::size_t series = 0;
  Stack stack;
  std::string said;
  /// Larger is better, the first entry first.
  std::array<double, 5> rank{};
};

std::array<double, 5> rank(const ImageHeader& h, const Likeness& like, const Stack& s) {
  const auto mm = imaging::spacing(s.grid.to_world);
  // Half a tenth of a millimetre is no better resolution.
  const double coarsest = std::round(10 * std::max({mm[0], mm[1], mm[2], 0.7})) / 10;
  return {like.t1 ? 1.0 : 0.0, like.derived ? 0.0 : 1.0, -coarsest, like.agent ? 0.0 : 1.0,
          typed(h, "NORM") ? 1.0 : 0.0};
}

std::string size_in_words(const Stack& s) {
  return fmt::format("{:.2g} x {:.2g} x {:.2g} mm, {} slices", s.source.column_spacing, s.source.row_spacing,
                     s.source.slice_spacing, s.source.slices.size());
}

}  // namespace

Likeness t1_likeness(const ImageHeader& h) {
  Likeness like;
  like.derived = typed(h, "DERIVED") || typed(h, "SECONDARY");
  like.agent = !h.contrast_agent.empty() || has_any(names(h), {"+c", "post", "gad", " km"});
  like.said = other_kind(h);
  if (!like.said.empty()) return like;
  const auto c = contrast(h, like.said);
  like.possible = c == Contrast::t1 || c == Contrast::unknown;
  like.t1 = c == Contrast::t1;
  like.flair = c == Contrast::flair;
  return like;
}

Result<Choice> choose_t1(const std::vector<SeriesImages>& all) {
  std::vector<Candidate> candidates;
  std::vector<std::string> others;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const ImageHeader& h = all[i].first();
    const auto aside = [&](const std::string& why) { others.push_back(fmt::format("{} {}", series_name(h), why)); };
    auto like = t1_likeness(h);
    if (!like.possible) {
      aside(like.said);
      continue;
    }
    auto stacked = stack(all[i]);
    if (!stacked) {
      aside("is no volume: " + stacked.error().what);
      continue;
    }
    const auto order = rank(h, like, *stacked);
    candidates.push_back({i, std::move(*stacked), std::move(like.said), order});
  }
  std::string rest;
  for (std::size_t i = 0; i < others.size() && i < 30; ++i) rest += "; " + others[i];
  if (candidates.empty()) {
    if (all.empty()) return fail(Code::unsupported, "there is no image in this study");
    return fail(Code::unsupported, "no series of this study is a T1-weighted volume{}{}", rest.empty() ? "" : ": ",
                rest.empty() ? "" : rest.substr(2));
  }
  // The first of equals stays first: series come ordered by their number.
  const auto best = std::max_element(candidates.begin(), candidates.end(),
                                     [](const Candidate& a, const Candidate& b) { return a.rank < b.rank; });
  std::string beaten;
  for (const auto& c : candidates)
    if (&c != &*best)
      beaten += fmt::format("; {} ranks behind it ({}, {})", series_name(all[c.series].first()), c.said,
                            size_in_words(c.stack));
  Choice out;
  out.series = best->series;
  out.reason = fmt::format("{} chosen: {}, {}{}{}", series_name(all[best->series].first()), best->said,
                           size_in_words(best->stack), beaten, rest);
  out.stack = std::move(best->stack);
  return out;
}

std::optional<Choice> choose_flair(const std::vector<SeriesImages>& all) {
  std::optional<Choice> best;
  std::pair<double, double> best_rank;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto like = t1_likeness(all[i].first());
    if (!like.flair) continue;
    auto stacked = stack(all[i]);
    if (!stacked) continue;
    const auto mm = imaging::spacing(stacked->grid.to_world);
    const std::pair rank{like.derived ? 0.0 : 1.0, -std::max({mm[0], mm[1], mm[2]})};
    if (best && rank <= best_rank) continue;
    best_rank = rank;
    best = Choice{i, {}, fmt::format("{} is FLAIR, {}", series_name(all[i].first()), size_in_words(*stacked))};
    best->stack = std::move(*stacked);
  }
  return best;
}

}  // namespace larmor::dicom

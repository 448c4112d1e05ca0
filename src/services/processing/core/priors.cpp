#include "services/processing/core/priors.h"

#include <algorithm>
#include <cmath>

namespace larmor::processing {
namespace {

constexpr std::chrono::days kLeast{90};  // healthy loss within it is smaller than the error of measuring it
constexpr double kDaysPerMonth = 30.44;
constexpr double kLikeVoxels = 0.15;  // relative difference of a side
constexpr std::size_t kMostTold = 3;
constexpr double kLikeField = 0.1;  // relative: 2.89 T and 3 T are one

/// 1 like, 0 unlike. Where one of the two does not say: between them, but 1 for a scan that is not here yet, for it
/// will say once it is.
constexpr double kUnknown = 0.5;

double likeness(const Scan& earlier, bool known, bool like) {
  if (known) return double(like);
  return earlier.here ? kUnknown : 1;
}

double like_agent(const Scan& a, const Scan& b) {
  return likeness(b, a.agent && b.agent, a.agent == b.agent);
}

double like_model(const Scan& a, const Scan& b) {
  return likeness(b, !a.model.empty() && !b.model.empty(), a.model == b.model);
}

double like_field(const Scan& a, const Scan& b) {
  return likeness(b, a.field_t > 0 && b.field_t > 0,
                  std::abs(a.field_t - b.field_t) <= kLikeField * std::max(a.field_t, b.field_t));
}

double like_voxels(const Scan& a, const Scan& b) {
  auto x = a.mm, y = b.mm;
  std::sort(x.begin(), x.end());
  std::sort(y.begin(), y.end());
  bool like = true;
  for (std::size_t d = 0; d < 3; ++d) like = like && std::abs(x[d] - y[d]) <= kLikeVoxels * std::max(x[d], y[d]);
  return likeness(b, x[0] > 0 && y[0] > 0, like);
}

/// What makes two scans comparable, the weightiest first.
struct Row {
  double (*like)(const Scan&, const Scan&);
  std::string_view same, other, unknown;
};
constexpr std::array kRows = {
    Row{like_agent, "the same with regard to contrast agent", "differs in contrast agent",
        "does not tell of contrast agent"},
    Row{like_model, "the same scanner model", "comes from another scanner model", "does not tell the scanner model"},
    Row{like_field, "the same field strength", "has another field strength", "does not tell the field strength"},
    Row{like_voxels, "voxels of the same size", "has voxels of another size", "does not tell the size of its voxels"},
};

using Rank = std::array<double, kRows.size() + 1>;

Rank rank(const Scan& now, const Scan& earlier) {
  Rank out{double(earlier.t1)};
  for (std::size_t i = 0; i < kRows.size(); ++i) out[i + 1] = kRows[i].like(now, earlier);
  return out;
}

/// Why a scan cannot be used at all; empty where it can.
std::string why_not(const Scan& now, const Scan& earlier) {
  if (const auto other = why_another_patient(now.patient.reveal(), earlier.patient.reveal())) return *other;
  if (!earlier.day || !now.day) return "has no study date to tell how much earlier it is";
  if (*earlier.day >= *now.day) return "is not earlier";
  if (*now.day - *earlier.day < kLeast) return fmt::format("is less than {} days earlier", kLeast.count());
  if (!earlier.unfit.empty()) return earlier.unfit;
  if (earlier.derived.value_or(false) && !now.derived.value_or(false)) return "is computed from other images";
  return "";
}

/// Why `best` goes before `other`, from the first row in which they differ.
std::string why_behind(const Scan& now, const Scan& best, const Scan& other) {
  const auto a = rank(now, best), b = rank(now, other);
  if (a[0] > b[0]) return "does not say that it is T1-weighted";
  for (std::size_t i = 0; i < kRows.size(); ++i)
    if (a[i + 1] > b[i + 1]) return std::string(b[i + 1] == kUnknown ? kRows[i].unknown : kRows[i].other);
  return *best.day > *other.day ? "is older than the one chosen" : "is as good as the one chosen, which came first";
}

std::string in_common(const Scan& now, const Scan& chosen) {
  std::vector<std::string_view> same, not_same;
  for (const auto& row : kRows) {
    const double like = row.like(now, chosen);
    if (like == 1) same.push_back(row.same);
    if (like < 1) not_same.push_back(like == 0 ? row.other : row.unknown);
  }
  auto words = same.empty() ? "nothing known in common" : fmt::format("{}", fmt::join(same, ", "));
  if (!not_same.empty()) words += fmt::format("; it {}", fmt::join(not_same, ", "));
  return words;
}

Json to_json(const Considered& c) {
  Json out{{"study", c.scan.study.str()}, {"where", c.scan.where}};
  if (!c.scan.series.empty()) out["series"] = c.scan.series.str();
  if (c.months) out["months_earlier"] = *c.months;
  return out;
}

/// "series 3 'Sag MPRAGE' of the study 14 months earlier"
std::string title(const Considered& c) {
  return fmt::format("{}the study {}", c.scan.name.empty() ? "" : c.scan.name + " of ", months_in_words(c.months));
}

/// The first few that were not taken, each with its reason.
std::string others_in_words(const Choice& choice) {
  std::string words;
  std::size_t told = 0;
  for (std::size_t i = 0; i < choice.considered.size(); ++i) {
    if (i == choice.chosen || ++told > kMostTold) continue;
    words +=
        fmt::format("{}{} {}", words.empty() ? "" : "; ", title(choice.considered[i]), choice.considered[i].why_not);
  }
  if (told > kMostTold) words += fmt::format("; {} more are not used either", told - kMostTold);
  return words;
}

std::string words_of(const Choice& choice, const std::vector<std::string>& troubles) {
  std::vector<std::string> more = troubles;
  if (auto others = others_in_words(choice); !others.empty()) more.push_back(std::move(others));
  if (choice.chosen) {
    const auto& c = choice.considered[*choice.chosen];
    const auto besides = more.empty() ? "" : fmt::format(". Not used: {}", fmt::join(more, "; "));
    return fmt::format("Compared with {}, from {}: {}{}", title(c), c.scan.where, choice.why, besides);
  }
  if (more.empty()) return "No comparison: there is no earlier study of this patient";
  return fmt::format("No comparison: {}", fmt::join(more, "; "));
}

}  // namespace

std::optional<std::size_t> best_t1(const std::vector<Scan>& scans) {
  const auto order = [](const Scan& s) {
    const double coarsest = std::max({s.mm[0], s.mm[1], s.mm[2]});
    return std::array{double(s.t1), double(!s.derived.value_or(false)), -coarsest, double(!s.agent.value_or(false))};
  };
  std::optional<std::size_t> best;
  for (std::size_t i = 0; i < scans.size(); ++i)
    if (scans[i].unfit.empty() && (!best || order(scans[i]) > order(scans[*best]))) best = i;
  return best;
}

Choice choose_prior(const Scan& now, const std::vector<Scan>& earlier) {
  Choice out;
  const auto goes_before = [&](const Scan& a, const Scan& b) {
    return std::pair(rank(now, a), *a.day) > std::pair(rank(now, b), *b.day);
  };
  for (const auto& scan : earlier) {
    Considered c{scan, std::nullopt, why_not(now, scan)};
    if (now.day && scan.day && *scan.day < *now.day)
      c.months = int(std::lround(double((*now.day - *scan.day).count()) / kDaysPerMonth));
    out.considered.push_back(std::move(c));
    if (!out.considered.back().why_not.empty()) continue;
    if (!out.chosen || goes_before(scan, out.considered[*out.chosen].scan)) out.chosen = out.considered.size() - 1;
  }
  if (!out.chosen) return out;
  const auto& best = out.considered[*out.chosen].scan;
  out.why = in_common(now, best);
  for (std::size_t i = 0; i < out.considered.size(); ++i)
    if (auto& c = out.considered[i]; i != *out.chosen && c.why_not.empty()) c.why_not = why_behind(now, best, c.scan);
  return out;
}

std::string months_in_words(const std::optional<int>& months) {
  if (!months) return "of unknown date";
  return fmt::format("{} month{} earlier", *months, *months == 1 ? "" : "s");
}

Json to_json(const Choice& choice, const std::vector<std::string>& troubles) {
  Json out{{"words", words_of(choice, troubles)}, {"considered", Json::array()}};
  for (std::size_t i = 0; i < choice.considered.size(); ++i) {
    const auto& c = choice.considered[i];
    auto told = to_json(c);
    if (i == choice.chosen) {
      told["why"] = choice.why;
      out["chosen"] = std::move(told);
    } else {
      told["why_not"] = c.why_not;
      out["considered"].push_back(std::move(told));
    }
  }
  return out;
}

}  // namespace larmor::processing

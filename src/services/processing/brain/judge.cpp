#include "services/processing/brain/judge.h"

#include <cmath>

#include "imaging/structures.h"
#include "services/processing/brain/measure.h"

namespace larmor::processing::brain {
namespace {

/// One number that must lie in a range. The ranges are wide: from a small atrophic head to a large healthy one, with
/// room.
struct Bound {
  double Evidence::*number;
  double least, most;
  std::string_view name;
};
constexpr std::array kBounds = {
    Bound{&Evidence::brain_ml, 600, 2200, "ml of brain"},
    Bound{&Evidence::cerebrum_ml, 400, 1900, "ml of cerebral cortex and white matter"},
    Bound{&Evidence::white_share, 0.2, 0.65, "as the white matter's share of the cerebrum"},
    Bound{&Evidence::cerebellum_share, 0.03, 0.25, "as the cerebellum's share of the brain"},
    Bound{&Evidence::deep_ml, 15, 150, "ml of deep grey matter"},
    Bound{&Evidence::symmetry, 0.55, 1, "as the likeness of left and right"},
    Bound{&Evidence::confidence, 0.6, 1, "as the network's mean confidence"},
    Bound{&Evidence::compactness, 0.3, 0.75, "as the share of its bounding box that the brain fills"},
};
constexpr int kLeastFound = 9;
constexpr int kPairs = 12;
constexpr double kMostCut = 0.4;  // a brain without its upper or lower third

/// All that is judged in one image.
struct Image {
  const Evidence& evidence;
  const Quality& quality;
  const std::vector<Measured>& measured;
  double widest_mm;
};
using Number = std::optional<double>;

/// One number with its limits. The text is given the number, the limit that it missed and the detail.
struct Rule {
  std::string_view code, unit;
  double note, doubtful;
  bool low;  ///< a low number is the bad one
  Number (*number)(const Image&);
  std::string_view text;
  std::string (*detail)(const Image&) = nullptr;
};
constexpr double kNever = std::numeric_limits<double>::quiet_NaN();

Number percent(const Number& share) {
  return share ? Number(100 * *share) : std::nullopt;
}

std::string place_of(const OneSided& o) {
  return fmt::format("{}; called {}, brightness {:.2f}", o.right ? "right" : "left", o.label, o.brightness);
}

std::string pairs_of(const std::vector<Measured>& all) {
  std::vector<std::string> names;
  for (const int id : implausible_pairs(all)) names.emplace_back(imaging::structure(id)->name);
  return fmt::format("{}", fmt::join(names, ", "));
}

constexpr std::array kRules = {
    Rule{"coarse_voxels", "mm", 1.5, 5.5, false, [](const Image& i) { return Number(i.widest_mm); },
         "voxels are up to {0:.1f} mm apart, limit {1:g} mm; small structures need 1 mm"},
    Rule{"motion", "%", 0.7, 2, false, [](const Image& i) { return percent(i.quality.ghosts); },
         "motion? ghosts in the air from {2} reach {0:.1f}% of white matter, limit {1:g}%",
         [](const Image& i) { return i.quality.ghosts_along; }},
    Rule{"poor_contrast", "%", 13, 10, true, [](const Image& i) { return percent(i.quality.contrast); },
         "poor contrast: cortex is {0:.0f}% darker than white matter, limit {1:g}%"},
    Rule{"noise", "", 2.2, 1.2, true, [](const Image& i) { return i.quality.contrast_to_noise; },
         "noise: cortex and white matter lie {0:.1f} standard deviations apart, limit {1:g}"},
    Rule{"cropped", "%", 9, 15, false, [](const Image& i) { return percent(i.quality.cut); },
         "cropped? {0:.0f}% of the brain's outline end in one plane at the {2}, limit {1:g}%",
         [](const Image& i) { return i.quality.cut_at; }},
    Rule{"mass_or_cavity", "mm", 10, 10, false, [](const Image& i) { return Number(i.quality.one_sided.mm); },
         "mass or cavity? {0:.0f} mm have no match opposite, limit {1:g} mm: {2}",
         [](const Image& i) { return place_of(i.quality.one_sided); }},
    Rule{"signal_void", "mm", 24, 32, false, [](const Image& i) { return Number(i.quality.void_mm); },
         "metal? a place {0:.0f} mm wide within the head gives no signal, limit {1:g} mm"},
    Rule{"bright_fluid", "%", 5, kNever, false, [](const Image& i) { return percent(i.quality.bright_fluid); },
         "contrast agent? {0:.0f}% of the fluid around the brain is brighter than white matter, limit {1:g}%"},
    Rule{"negative_values", "%", 1, 10, false, [](const Image& i) { return Number(100 * i.quality.negative); },
         "{0:.0f}% of the image's values lie below zero and counted as zero, limit {1:g}%"},
    Rule{"disagreement", "", 0.925, 0.88, true,
         [](const Image& i) { return i.quality.second_look ? Number(i.quality.second_look->mean) : std::nullopt; },
         "a second, mirrored pass agrees by a Dice of {0:.3f}, limit {1:g}; least in {2}",
         [](const Image& i) { return i.quality.second_look->lowest_name; }},
    Rule{"low_confidence", "", 0.8, 0.7, true, [](const Image& i) { return Number(i.evidence.confidence); },
         "the network's mean confidence is {0:.2f}, limit {1:g}"},
    Rule{"asymmetry", "", 0.8, 0.7, true, [](const Image& i) { return Number(i.evidence.symmetry); },
         "left and right differ more than usual: mean likeness {0:.2f}, limit {1:g}"},
    Rule{"cut_away", "%", 50, kNever, false, [](const Image& i) { return Number(100 * (1 - i.evidence.kept)); },
         "{0:.0f}% of what looked like brain lay apart from it and was cut away, limit {1:g}%"},
    Rule{"unlikely_volumes", "", 0, 1, false,
         [](const Image& i) { return Number(double(implausible_pairs(i.measured).size())); },
         "pairs of structures of a size that no adult has: {0:.0f} ({2}), limit {1:g}",
         [](const Image& i) { return pairs_of(i.measured); }},
    Rule{"missing_structures", "", 0, kNever, false,
         [](const Image& i) {
           return Number(double(
               std::count_if(i.measured.begin(), i.measured.end(), [](const Measured& m) { return m.ml <= 0; })));
         },
         "structures that were not found at all: {0:.0f}, limit {1:g}"},
};

std::optional<Flag> apply(const Rule& r, const Image& image) {
  const auto number = r.number(image);
  if (!number) return std::nullopt;
  const auto beyond = [&](double limit) { return r.low ? *number < limit : *number > limit; };
  const bool doubtful = beyond(r.doubtful);
  if (!doubtful && !beyond(r.note)) return std::nullopt;
  const double limit = doubtful ? r.doubtful : r.note;
  return Flag{std::string(r.code),
              fmt::format(fmt::runtime(r.text), *number, limit, r.detail ? r.detail(image) : ""),
              number,
              limit,
              std::string(r.unit),
              doubtful ? Severity::doubtful : Severity::note};
}

/// How many times larger one side may be, FreeSurfer's id of the left one. Twice what was seen in healthy brains, or
/// more. The inferior horn is too small for a limit.
struct Sides {
  int left;
  double most;
};
constexpr std::array kSides = {Sides{2, 1.1},  Sides{3, 1.15}, Sides{4, 3},     Sides{7, 1.4},
                               Sides{8, 1.25}, Sides{10, 1.3}, Sides{11, 1.35}, Sides{12, 1.3},
                               Sides{13, 1.6}, Sides{17, 1.5}, Sides{18, 1.5},  Sides{28, 1.35}};

void flag_sides(const std::vector<Measured>& all, std::vector<Flag>& out) {
  const auto ml_of = [&](int id) {
    const auto at = std::find_if(all.begin(), all.end(), [&](const Measured& m) { return m.id == id; });
    return at == all.end() ? 0 : at->ml;
  };
  for (const auto& s : kSides) {
    const auto* left = imaging::structure(s.left);
    const double l = ml_of(s.left), r = ml_of(left->partner);
    if (std::min(l, r) <= 0 || std::max(l, r) <= s.most * std::min(l, r)) continue;
    const double ratio = std::max(l, r) / std::min(l, r);
    out.push_back({"lopsided",
                   fmt::format("the {} is {:.2f} times as large on the {} as on the {}, limit {:g}", left->name, ratio,
                               l > r ? "left" : "right", l > r ? "right" : "left", s.most),
                   ratio, s.most, "", Severity::note});
  }
}

}  // namespace

std::optional<std::string> refusal(const Evidence& e, const Quality& q) {
  if (q.contrast && *q.contrast < 0)
    return fmt::format(
        "not a T1-weighted image of an adult: cortex is {:.0f}% brighter than white matter (T2, FLAIR or an infant?)",
        -100 * *q.contrast);
  if (q.cut > kMostCut)
    return fmt::format("much of the brain is not in the image: {:.0f}% of its outline end in one plane at the {}",
                       100 * q.cut, q.cut_at);
  std::string why;
  const auto add = [&](std::string text) { why += (why.empty() ? "not a brain: " : "; ") + std::move(text); };
  for (const auto& b : kBounds) {
    const double v = e.*b.number;
    if (!(v >= b.least && v <= b.most))
      add(fmt::format("found {:.3g} {}, expected {:g} to {:g}", v, b.name, b.least, b.most));
  }
  if (e.found < kLeastFound)
    add(fmt::format("only {} of {} pairs of structures have a plausible size on both sides, expected {} or more",
                    e.found, kPairs, kLeastFound));
  if (why.empty()) return std::nullopt;
  return why;
}

std::vector<Flag> flags(const Evidence& e, const Quality& q, const std::vector<Measured>& all,
                        const imaging::Point& spacing) {
  const Image image{e, q, all, std::max({spacing[0], spacing[1], spacing[2]})};
  std::vector<Flag> out;
  for (const auto& rule : kRules)
    if (auto flag = apply(rule, image)) out.push_back(std::move(*flag));
  flag_sides(all, out);
  // What is doubtful comes first: a page shows the first few.
  std::stable_sort(out.begin(), out.end(), [](const Flag& a, const Flag& b) { return a.severity > b.severity; });
  return out;
}

std::vector<Flag> flags_of_person(const Healthy& h) {
  constexpr double kYoungestSeen = 6, kInfant = 2, kFar = 4, kVeryFar = 7;  // years, standard deviations
  std::vector<Flag> out;
  if (const auto& age = h.person.age; age && *age < kYoungestSeen)
    out.push_back({"child",
                   fmt::format("the network learnt from adults; this is a child of {:.0f} years, limit {:g}",
                               std::floor(*age), kYoungestSeen),
                   std::floor(*age), kYoungestSeen, "years", *age < kInfant ? Severity::doubtful : Severity::note});
  const auto far = [](const Compared& c) { return std::abs(c.standing.z) - c.standing.z_error; };
  for (const auto& c : h.compared) {
    if (far(c) <= kFar) continue;
    const bool very = far(c) > kVeryFar;
    out.push_back({"far_from_norm",
                   fmt::format("unlikely volume: {} is {:+.1f} standard deviations off its norm, limit {:g}", c.name,
                               c.standing.z, very ? kVeryFar : kFar),
                   c.standing.z, very ? kVeryFar : kFar, "", very ? Severity::doubtful : Severity::note});
  }
  return out;
}

}  // namespace larmor::processing::brain

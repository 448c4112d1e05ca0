#include <cctype>

#include "report/layout.h"
#include "report/table.h"

namespace larmor::report {
namespace {

constexpr double kGap = 18, kColumn = (kText - 2 * kGap) / 3;

/// "42 years" of 042Y.
std::string age_words(const std::string& dicom) {
  if (dicom.size() != 4 || !std::all_of(dicom.begin(), dicom.begin() + 3, [](char c) { return c >= '0' && c <= '9'; }))
    return dicom;
  const int count = std::stoi(dicom.substr(0, 3));
  const char* unit = dicom[3] == 'Y' ? "year" : dicom[3] == 'M' ? "month" : dicom[3] == 'W' ? "week" : "day";
  return fmt::format("{} {}{}", count, unit, count == 1 ? "" : "s");
}

std::string sex_words(const std::string& dicom) {
  return dicom == "F" ? "female" : dicom == "M" ? "male" : dicom == "O" ? "other" : dicom;
}

std::string upper(std::string text) {
  for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

std::string join(std::initializer_list<std::string> parts, std::string_view with) {
  std::string text;
  for (const auto& part : parts) {
    if (part.empty()) continue;
    if (!text.empty()) text += with;
    text += part;
  }
  return text;
}

/// The first page, drawn from the top downwards; each part returns where the next may begin.
class FindingsPage {
 public:
  FindingsPage(Canvas& canvas, const Findings& findings, const Scene& scene)
      : c_(canvas), f_(findings), scene_(scene) {}

  void draw() {
    double y = draw_head(c_, f_, "Brain volumes", "Automatic measurement on T1-weighted MRI");
    y = subject(y + 13);
    y = summary(y + 12);
    y = has_change(f_) ? both_figures(y + 14) : figure(y + 14);
    if (has_change(f_)) y = draw_change_table(c_, *f_.since, y + 14);
    if (has_norms(f_)) charts(y + 12);
    draw_foot(c_, f_, 1);
  }

 private:
  double subject(double y) {
    const auto& who = f_.subject.reveal();
    const auto& a = f_.acquisition;
    const std::array<double, 4> x{kLeft, kLeft + 158, kLeft + 268, kLeft + 378};
    const std::array<double, 4> width{148, 100, 100, kRight - x[3]};
    // A NIfTI file knows neither patient nor study: no rows of dashes then.
    if (!who.name.empty() || !who.id.empty()) {
      draw_fact(c_, x[0], y, width[0], "PATIENT", readable_name(who.name));
      draw_fact(c_, x[1], y, width[1], "PATIENT ID", who.id);
      draw_fact(c_, x[2], y, width[2], "BORN", date_words(who.birth_date));
      draw_fact(c_, x[3], y, width[3], "AGE AND SEX", join({age_words(who.age), sex_words(who.sex)}, ", "));
      y += 26;
    }
    if (!a.study_date.empty() || !a.study_description.empty() || !a.series_description.empty()) {
      draw_fact(c_, x[0], y, width[0], "STUDY", a.study_description);
      draw_fact(c_, x[1], y, width[1], "STUDY DATE", date_words(a.study_date));
      draw_fact(c_, x[2], y, width[2], "ACCESSION", a.accession);
      draw_fact(c_, x[3], y, width[3], "SERIES", a.series_description);
      y += 26;
    }
    draw_fact(c_, x[0], y, width[0] + width[1] + 10, "SCANNER", a.scanner);
    draw_fact(c_, x[2], y, width[2] + width[3] + 10, "VOXELS", a.voxels);
    return y + 11;
  }

  /// The outlines; where no charts follow, also what lies under them.
  double figure(double y) {
    constexpr double kMost = 230, kCaption = 28, kBetween = 5;
    const bool bare = !has_norms(f_);
    const Extent most{kText, bare ? std::min(kMost, (kFoot - kCaption - y) / 2 - kBetween) : kMost};
    y += draw_cuts(c_, scene_, Over::outlines, kLeft, y, most, 'a').height + kBetween;
    if (bare) y += draw_cuts(c_, scene_, Over::nothing, kLeft, y, most, 'd').height + kBetween;
    return y +
           c_.paragraph(kLeft, y, kText, caption() + (bare ? " d to f The same cuts without outlines." : ""), kSmall);
  }

  /// Outlines above, the change since the earlier scan below; beside them what they mean and how fast it went.
  double both_figures(double y) {
    constexpr double kMost = 130, kLeast = 84, kBetween = 5, kBeside = 166, kLeastChart = 70;
    constexpr double kTable = 116, kCharts = 112;  // what comes below
    const double room = kFoot - y - kBetween - kTable - (has_norms(f_) ? kCharts : 0);
    const Extent most{kText - kBeside - kGap, std::clamp(room / 2, kLeast, kMost)};
    const auto upper_row = draw_cuts(c_, scene_, Over::outlines, kLeft, y, most, 'a');
    double lower = y + upper_row.height + kBetween, bottom = lower - kBetween;
    if (scene_.has_change()) {
      bottom = lower + draw_cuts(c_, scene_, Over::change, kLeft, lower, most, 'd').height;
      draw_change_bar(c_, kLeft + 8, bottom + 4, 112, kInk);
    }
    const double x = kRight - kBeside;
    double beside = y - 2 + c_.paragraph(x, y - 2, kBeside, caption() + change_caption(), kSmall) + 6;
    if (f_.since->normal) {
      const double tall = std::max(bottom + 16 - beside, kLeastChart);
      draw_ageing(c_, *f_.since->normal, 'g', x, beside, {kBeside, tall});
      beside += tall;
    }
    return std::max(bottom + 16, beside);
  }

  std::string caption() const {
    const auto at = [&](Plane p) { return signed_number(scene_.position_mm(p, scene_.telling(p)), 0); };
    return fmt::format(
        "Figure 1. Outlines on the patient's image: a axial, b coronal through the hippocampi, c sagittal near the "
        "midline ({}, {} and {} mm up, forward and right of the scanner's origin). Radiological convention: the "
        "patient's left is on the viewer's right. Colours as on page 2.",
        at(Plane::axial), at(Plane::coronal), at(Plane::sagittal));
  }

  std::string change_caption() const {
    std::string out;
    if (scene_.has_change())
      out = fmt::format(
          " d to f Volume lost (blue, darker) and gained (orange, brighter) since the earlier scan, averaged over "
          "{:.0f} mm; full colour from {:.0f} % on. Single spots are noise.",
          kChangeBlurMm, kFullChange);
    if (f_.since->normal)
      out +=
          " g The brain's change a year: expected (line), where 95 of 100 healthy people stay (band), and this person "
          "with the 95 % range of the measurement.";
    return out;
  }

  /// What matters most in the first column; the rest goes where there is room.
  double summary(double y) {
    const double first = key_figures(kLeft, y);
    std::array<double, 2> ends{y, y};
    const auto place = [&](const auto& draw) {
      const std::size_t column = ends[1] < ends[0] ? 1 : 0;
      const double x = kLeft + double(1 + column) * (kColumn + kGap);
      ends[column] = draw(x, ends[column] > y ? ends[column] + 13 : y);
    };
    if (f_.since) place([&](double x, double top) { return since(x, top); });
    if (!f_.lesions.empty()) place([&](double x, double top) { return lesions(x, top); });
    place([&](double x, double top) { return quality(x, top); });
    if (has_indices(f_) && !has_change(f_))
      place([&](double x, double top) { return draw_indices(c_, *f_.norms, x, top, kColumn); });
    return std::max({first, ends[0], ends[1]});
  }

  double key_figures(double x, double y) {
    const double end = x + kColumn;
    const auto sums = add_up(f_);
    y = draw_title(c_, x, y, kColumn, "KEY FIGURES") + 3;
    const auto figure = [&](std::string_view name, double ml) {
      y += 20;
      c_.line(x, y, three_figures(ml), {.size = 15, .weight = 600, .display = true});
      const double used = c_.width_of(three_figures(ml), {.size = 15, .weight = 600, .display = true});
      c_.line(x + used + 3, y, "ml", {.size = 7.5, .ink = kDim});
      Type right{.size = 7.4, .weight = 500, .align = Align::right};
      c_.line(end, y - 6.5, name, right);
      right.weight = 400;
      right.ink = kFaint;
      if (const auto* norm = norm_of(name)) {
        c_.line(end, y + 2, fmt::format("centile {} ({})", norm->centile, norm->range), right);
      } else if (f_.intracranial_ml) {
        c_.line(end, y + 2, fmt::format("{:.2f} % of ICV", 100 * ml / *f_.intracranial_ml), right);
      }
      y += 4;
    };
    figure("Brain", sums.brain);
    figure("Hippocampi", sums.hippocampi);
    figure("Ventricles", sums.ventricles);
    if (f_.norms && !f_.norms->none_because.empty())
      y += 4 + c_.paragraph(x, y + 4, kColumn, "No centiles: " + f_.norms->none_because + ".", kSmall);
    return y;
  }

  double since(double x, double y) {
    const auto& s = *f_.since;
    y = draw_title(c_, x, y, kColumn, upper(since_words(s)));
    if (!s.refused.empty()) {
      const auto why = as_sentence("not compared: " + s.refused, 220);
      return y + 5 + c_.paragraph(x, y + 5, kColumn, why + ".", {.size = 7.4});
    }
    const auto& brain = s.rows.front();
    const bool yearly = brain.per_year.has_value();
    c_.line(x, y + 23, signed_number(yearly ? *brain.per_year : brain.percent, 2) + " %" + (yearly ? " a year" : ""),
            {.size = 15, .weight = 600, .display = true});
    c_.line(x, y + 34,
            fmt::format("brain, ± {:.2f}{}", yearly ? *brain.per_year_error : brain.error,
                        s.interval.empty() ? "" : "; " + s.interval + " between the scans"),
            {.size = 7, .ink = kDim}, kColumn);
    y += 38;
    y += c_.paragraph(x, y, kColumn, capitalised(s.verdict) + ".", {.size = 8.4, .weight = 600}) + 1;
    return y + c_.paragraph(x, y, kColumn, capitalised(s.words) + ".", kSmall);
  }

  double lesions(double x, double y) {
    y = draw_title(c_, x, y, kColumn, "WHITE-MATTER LESIONS, FLAIR") + 5;
    return y + c_.paragraph(x, y, kColumn, as_sentence(f_.lesions, 150), {.size = 7.4});
  }

  /// The norm of a key figure; both hippocampi have none together.
  const NormRow* norm_of(std::string_view name) const {
    if (!f_.norms) return nullptr;
    for (const auto& row : f_.norms->rows)
      if (row.structure == 0 && row.name == name) return &row;
    return nullptr;
  }

  double quality(double x, double y) {
    y = draw_title(c_, x, y, kColumn, "QUALITY") + 5;
    return draw_cautions(c_, f_, x, y, kColumn, 0, kFoot);
  }

  /// As tall as the page allows.
  void charts(double y) {
    constexpr double kCaption = 23, kLeast = 70, kMost = 180;
    draw_norm_charts(c_, *f_.norms, y, std::clamp(kFoot - kCaption - y, kLeast, kMost));
  }

  Canvas& c_;
  const Findings& f_;
  const Scene& scene_;
};

}  // namespace

void draw_findings(Canvas& canvas, const Findings& findings, const Scene& scene) {
  FindingsPage(canvas, findings, scene).draw();
}

}  // namespace larmor::report

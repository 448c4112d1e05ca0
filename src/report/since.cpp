#include <cmath>

#include "report/age_plot.h"
#include "report/layout.h"
#include "report/table.h"

namespace larmor::report {
namespace {

constexpr Ink kPale = hex(0xe6eaee), kCurve = hex(0x55636f);
constexpr double kTwoSided = 1.96;  // 95 % of a normal distribution

/// Change of the brain a year over age: what is expected, down to where 95 of 100 healthy people stay, and the person.
void draw_ageing(Canvas& c, const NormalAgeing& n, double left, double top, double width, double height) {
  const AgePlot::Place place{left + 26, top + 16, left + width - 6, top + height - 19};
  AgePlot plot(c, place, n.ages, std::min(n.low, n.limit.back()), std::max(n.high, 0.0));
  c.line(left, top + 9, "a", {.size = 8, .weight = 700});
  c.line(left + 10, top + 9, "Brain, % a year", {.size = 7.4, .weight = 600});
  plot.band(n.limit, n.expected, kPale);
  c.curve(plot.curve(n.limit), kCurve, 0.5, 1.6);
  c.curve(plot.curve(n.expected), kInk, 0.9);
  plot.axes();
  // Both lines fall: what stands to the right of one is above it, what stands to the left is below.
  const std::size_t middle = n.ages.size() / 2;
  Type type{.size = 6, .ink = kDim};
  c.line(plot.x(n.ages[middle]) + 4, plot.y(n.expected[middle]), "expected", type);
  type.align = Align::right;
  c.line(plot.x(n.ages[middle]) - 3, plot.y(n.limit[middle]) + 5, "95 of 100 stay above", type);
  plot.person(n.age, n.percent, n.low, n.high);
}

class SincePage {
 public:
  SincePage(Canvas& canvas, const Findings& findings, const Scene& scene)
      : c_(canvas), f_(findings), s_(*findings.since), scene_(scene) {}

  void draw() {
    const auto& who = f_.subject.reveal();
    double y = draw_head(c_, f_, since_words(s_),
                         who.id.empty() ? "Change between two scans" : readable_name(who.name) + ", " + who.id);
    y = scans(y + 13);
    y = verdict(y + 14);
    y = table(y + 12);
    y += 12;
    if (s_.normal) {
      constexpr double kChart = 236, kTall = 168, kGap = 18;
      draw_ageing(c_, *s_.normal, kLeft, y, kChart, kTall);
      y = std::max(y + kTall, text(kLeft + kChart + kGap, y + 9)) + 8;
    }
    y = figures(y);
    if (!s_.normal) text(kLeft, y + 14);
  }

 private:
  void fact(double x, double y, double width, std::string_view label, const std::string& value) {
    if (value.empty()) return;
    c_.line(x, y, label, kLabel, width);
    c_.line(x, y + 11, value, {.size = 8.4, .weight = 500}, width);
  }

  /// Both scans beside each other, so that another protocol is seen.
  double scans(double y) {
    const std::array<double, 4> x{kLeft, kLeft + 92, kLeft + 192, kLeft + 340};
    for (const auto& [name, a] : {std::pair{"EARLIER SCAN", &s_.prior}, std::pair{"THIS SCAN", &f_.acquisition}}) {
      fact(x[0], y, 84, name, a->study_date.empty() ? "date not known" : date_words(a->study_date));
      fact(x[1], y, 92, "SERIES", a->series_description);
      fact(x[2], y, 140, "SCANNER", a->scanner);
      fact(x[3], y, kRight - x[3], "VOXELS", a->voxels);
      y += 25;
    }
    return y - 14;
  }

  double verdict(double y) {
    constexpr double kTall = 40;
    c_.box(kLeft, y, kText, kTall, hex(0xf1f4f6), 3);
    const auto& brain = s_.rows.front();
    const bool yearly = brain.per_year.has_value();
    const std::string figure =
        signed_number(yearly ? *brain.per_year : brain.percent, 2) + " %" + (yearly ? " a year" : "");
    c_.line(kLeft + 10, y + 19, figure, {.size = 15, .weight = 600, .display = true});
    c_.line(kLeft + 10, y + 31,
            fmt::format("brain, ± {:.2f}{}", yearly ? *brain.per_year_error : brain.error,
                        s_.interval.empty() ? "" : "; " + s_.interval + " between the scans"),
            {.size = 7, .ink = kDim}, 160);
    c_.line(kLeft + 178, y + 14.5, capitalised(s_.verdict), {.size = 9.4, .weight = 600}, kText - 188);
    c_.paragraph(kLeft + 178, y + 17, kText - 188, capitalised(s_.words) + ".", kSmall);
    return y + kTall;
  }

  double table(double y) {
    constexpr double kFirst = kLeft + 128, kSecond = kFirst + 48, kPercent = kSecond + 54, kError = kPercent + 30,
                     kYear = kError + 50, kYearError = kYear + 30, kStrip = kYearError + 18;
    const double wide = kRight - kStrip, middle = kStrip + wide / 2;
    double most = 0.5;
    for (const auto& r : s_.rows) most = std::max(most, std::abs(r.percent) + kTwoSided * r.error);
    const auto at = [&](double percent) { return middle + percent / most * wide / 2; };

    Type head = kLabel;
    head.align = Align::right;
    c_.rule(kLeft, y, kRight, y, kStrongLine, 0.9);
    y += 10;
    c_.line(kLeft, y, "STRUCTURE", kLabel);
    c_.line(kFirst, y, "FIRST, ML", head);
    c_.line(kSecond, y, "SECOND", head);
    c_.line(kPercent, y, "CHANGE, %", head);
    c_.line(kError, y, "±", head);
    c_.line(kYear, y, "A YEAR, %", head);
    c_.line(kYearError, y, "±", head);
    c_.line(kStrip, y, "LOSS", kLabel);
    c_.line(kRight, y, "GROWTH", head);
    c_.rule(kLeft, y + 4.5, kRight, y + 4.5, kStrongLine, 0.4);
    y += 5;
    Type dim = kNumber;
    dim.ink = kDim;
    for (const auto& r : s_.rows) {
      y += 13;
      c_.line(kLeft, y, r.name, kCell);
      c_.line(kFirst, y, three_figures(r.first_ml), kNumber);
      c_.line(kSecond, y, three_figures(r.second_ml), kNumber);
      c_.line(kPercent, y, signed_number(r.percent, 2), kNumber);
      c_.line(kError, y, fmt::format("{:.2f}", r.error), dim);
      c_.line(kYear, y, r.per_year ? signed_number(*r.per_year, 2) : "–", kNumber);
      if (r.per_year_error) c_.line(kYearError, y, fmt::format("{:.2f}", *r.per_year_error), dim);
      c_.rule(middle, y - 9, middle, y + 4, hex(0xb9c5cf), 0.5);
      c_.rule(at(r.percent - kTwoSided * r.error), y - 2.8, at(r.percent + kTwoSided * r.error), y - 2.8, kInk, 0.9);
      c_.dot(at(r.percent), y - 2.8, 2.3, kInk);
    }
    c_.rule(kLeft, y + 6, kRight, y + 6, kStrongLine, 0.9);
    return y + 6;
  }

  /// The cuts, and the caption of both figures.
  double figures(double y) {
    std::string caption;
    if (scene_.has_change()) y = map(y) + 5;
    if (s_.normal)
      caption =
          "Figure a. Change of the brain a year over age: expected (line), and the range in which 95 of 100 healthy "
          "people stay (band). Dot: this person; bar: 95 % range of the measurement. ";
    if (scene_.has_change())
      caption += fmt::format(
          "Figure {}. Where volume was lost (blue, darker) and gained (orange, brighter) since the earlier scan, "
          "averaged over {:.0f} mm, on this scan; full colour from {:.0f} % on. Single spots are noise: only what the "
          "table sums up has an error bar. Radiological convention.",
          s_.normal ? "b" : "a", kChangeBlurMm, kFullChange);
    return y + c_.paragraph(kLeft, y, kText, caption, kSmall);
  }

  /// An axial, a coronal and a sagittal cut side by side with the bar of colours below, as large as the page allows.
  double map(double y) {
    constexpr double kGap = 5, kBar = 22, kCaption = 36, kMostTall = 210;
    const auto window = scene_.around_brain(5);
    std::array<Slice, 3> cuts;
    double across = 0, tall = 0;
    const std::array planes = {Plane::axial, Plane::coronal, Plane::sagittal};
    for (std::size_t i = 0; i < 3; ++i) {
      cuts[i] = scene_.cut(planes[i], scene_.telling(planes[i]), window);
      across += cuts[i].width * cuts[i].mm_x;
      tall = std::max(tall, cuts[i].height * cuts[i].mm_y);
    }
    const double room = std::clamp(kFoot - y - kBar - kCaption, 60.0, kMostTall);
    const double scale = std::min((kText - 2 * kGap) / across, room / tall);
    double x = kLeft;
    for (std::size_t i = 0; i < 3; ++i) {
      const double w = cuts[i].width * cuts[i].mm_x * scale, h = cuts[i].height * cuts[i].mm_y * scale;
      c_.box(x, y, w, tall * scale, hex(0x000000));
      c_.change(cuts[i], x, y + (tall * scale - h) / 2, w, 0.35, 3);
      const bool sagittal = planes[i] == Plane::sagittal;
      Type mark{.size = 7, .weight = 600, .ink = kWhite, .halo = true};
      c_.line(x + 5, y + tall * scale / 2, sagittal ? "A" : "R", mark);
      mark.align = Align::right;
      c_.line(x + w - 5, y + tall * scale / 2, sagittal ? "P" : "L", mark);
      x += w + kGap;
    }
    c_.line(kLeft + 6, y + 11, s_.normal ? "b" : "a", {.size = 9, .weight = 700, .ink = kWhite, .halo = true});
    draw_change_bar(c_, kLeft + 12, y + tall * scale + 5, 130, kInk);
    return y + tall * scale + kBar;
  }

  double text(double x, double y) {
    const double width = kRight - x;
    if (!s_.warnings.empty()) {
      c_.line(x, y, "WARNINGS", kLabel);
      y += 5;
      for (const auto& w : s_.warnings) {
        c_.dot(x + 3, y + 4.4, 2.4, kWarn);
        y += c_.paragraph(x + 11, y, width - 11, capitalised(w) + ".", {.size = 7.4}) + 3;
      }
      y += 9;
    }
    c_.line(x, y, "METHOD AND LIMITS", kLabel);
    return y + 4 + c_.paragraph(x, y + 4, width, s_.method, kSmall);
  }

  Canvas& c_;
  const Findings& f_;
  const Since& s_;
  const Scene& scene_;
};

}  // namespace

std::string since_words(const Since& since) {
  return since.prior.study_date.empty() ? "Since the earlier scan"
                                        : "Since the scan of " + date_words(since.prior.study_date);
}

void draw_change_bar(Canvas& c, double x, double y, double width, Ink ink) {
  constexpr int kSteps = 60;
  constexpr double kTall = 6;
  // Over the grey that stands for tissue, as in the pictures.
  c.box(x, y, width, kTall, hex(0x8c8c8c));
  for (int i = 0; i < kSteps; ++i)
    c.box(x + width * i / kSteps, y, width / kSteps, kTall, tint_of(kFullChange * (2 * (i + 0.5) / kSteps - 1)));
  const Type type{.size = 6, .ink = ink, .align = Align::centre};
  for (const double percent : {-kFullChange, 0.0, kFullChange}) {
    const double at = x + width * (percent / kFullChange + 1) / 2;
    c.rule(at, y + kTall, at, y + kTall + 2, ink);
    c.line(at, y + kTall + 9, percent == 0 ? "0" : signed_number(percent, 0) + " %", type);
  }
}

void draw_since(Canvas& canvas, const Findings& findings, const Scene& scene, int page, int pages) {
  SincePage(canvas, findings, scene).draw();
  draw_foot(canvas, findings, page, pages);
}

}  // namespace larmor::report

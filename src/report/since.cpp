#include <cmath>

#include "report/age_plot.h"
#include "report/layout.h"
#include "report/table.h"

namespace larmor::report {
namespace {

constexpr Ink kPale = hex(0xe6eaee), kCurve = hex(0x55636f);

}  // namespace

void draw_ageing(Canvas& c, const NormalAgeing& n, char letter, double left, double top, Extent size) {
  const AgePlot::Place place{left + 26, top + 16, left + size.width - 6, top + size.height - 19};
  AgePlot plot(c, place, n.ages, std::min(n.low, n.limit.back()), std::max(n.high, 0.0));
  c.line(left, top + 9, std::string(1, letter), {.size = 8, .weight = 700});
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

double draw_change_table(Canvas& c, const Since& s, double y) {
  constexpr double kFirst = kLeft + 128, kSecond = kFirst + 48, kPercent = kSecond + 54, kError = kPercent + 30,
                   kYear = kError + 50, kYearError = kYear + 30, kStrip = kYearError + 18;
  const double wide = kRight - kStrip, middle = kStrip + wide / 2;
  double most = 0.5;
  for (const auto& r : s.rows) most = std::max(most, std::abs(r.percent) + kTwoSided * r.error);
  const auto at = [&](double percent) { return middle + percent / most * wide / 2; };

  Type head = kLabel;
  head.align = Align::right;
  c.rule(kLeft, y, kRight, y, kStrongLine, 0.9);
  y += 10;
  c.line(kLeft, y, "STRUCTURE", kLabel);
  c.line(kFirst, y, "FIRST, ML", head);
  c.line(kSecond, y, "SECOND", head);
  c.line(kPercent, y, "CHANGE, %", head);
  c.line(kError, y, "±", head);
  c.line(kYear, y, "A YEAR, %", head);
  c.line(kYearError, y, "±", head);
  c.line(kStrip, y, "LOSS", kLabel);
  c.line(kRight, y, "GROWTH", head);
  c.rule(kLeft, y + 4.5, kRight, y + 4.5, kStrongLine, 0.4);
  y += 5;
  Type dim = kNumber;
  dim.ink = kDim;
  for (const auto& r : s.rows) {
    y += 13;
    c.line(kLeft, y, r.name, kCell);
    c.line(kFirst, y, three_figures(r.first_ml), kNumber);
    c.line(kSecond, y, three_figures(r.second_ml), kNumber);
    c.line(kPercent, y, signed_number(r.percent, 2), kNumber);
    c.line(kError, y, fmt::format("{:.2f}", r.error), dim);
    c.line(kYear, y, r.per_year ? signed_number(*r.per_year, 2) : "–", kNumber);
    if (r.per_year_error) c.line(kYearError, y, fmt::format("{:.2f}", *r.per_year_error), dim);
    c.rule(middle, y - 9, middle, y + 4, hex(0xb9c5cf), 0.5);
    c.rule(at(r.percent - kTwoSided * r.error), y - 2.8, at(r.percent + kTwoSided * r.error), y - 2.8, kInk, 0.9);
    c.dot(at(r.percent), y - 2.8, 2.3, kInk);
  }
  c.rule(kLeft, y + 6, kRight, y + 6, kStrongLine, 0.9);
  return y + 6;
}

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

}  // namespace larmor::report

#include "report/age_plot.h"
#include "report/layout.h"
#include "report/table.h"

namespace larmor::report {
namespace {

constexpr Ink kPale = hex(0xeef1f4), kMid = hex(0xd9dfe5), kCurve = hex(0x55636f);
constexpr double kFarthest = 3;                           // standard deviations that a strip shows
constexpr double kQuarter = 0.6745, kTwentieth = 1.6449;  // z of the 75th and the 95th centile

/// The norm over age: bands between the centiles, the median, the person as a dot with the range of the method.
void draw_chart(Canvas& c, const NormChart& chart, char letter, double left, double top, double width, double height) {
  double lowest = chart.low, highest = chart.high;
  for (const double v : chart.ml.front()) lowest = std::min(lowest, v);
  for (const double v : chart.ml.back()) highest = std::max(highest, v);
  const AgePlot::Place place{left + 24, top + 16, left + width - 13, top + height - 19};
  AgePlot plot(c, place, chart.ages, std::max(0.0, lowest), highest);
  c.line(left, top + 9, fmt::format("{}", letter), {.size = 8, .weight = 700});
  c.line(left + 10, top + 9, chart.title + ", ml", {.size = 7.4, .weight = 600});
  plot.band(chart.ml[0], chart.ml[4], kPale);
  plot.band(chart.ml[1], chart.ml[3], kMid);
  c.curve(plot.curve(chart.ml[0]), kCurve, 0.5, 1.6);
  c.curve(plot.curve(chart.ml[4]), kCurve, 0.5, 1.6);
  c.curve(plot.curve(chart.ml[2]), kInk, 0.9);
  plot.axes();
  for (const auto& [i, text] : {std::pair{0, "5"}, std::pair{2, "50"}, std::pair{4, "95"}})
    c.line(place.right + 2, plot.y(chart.ml[i].back()) + 2, text, {.size = 5.4, .ink = kDim});
  plot.person(chart.age, chart.ml_here, chart.low, chart.high);
}

class NormPage {
 public:
  NormPage(Canvas& canvas, const Findings& findings) : c_(canvas), f_(findings), norms_(*findings.norms) {}

  void draw() {
    const auto& who = f_.subject.reveal();
    double y = draw_head(c_, f_, "Compared with healthy adults",
                         who.id.empty() ? "Brain volumes" : readable_name(who.name) + ", " + who.id);
    y = charts(y + 12);
    y = table(y + 6);
    text(y + 12);
  }

 private:
  double charts(double y) {
    constexpr double kGap = 10, kTall = 124;
    const double wide = (kText - 2 * kGap) / 3;
    for (std::size_t i = 0; i < norms_.charts.size() && i < 5; ++i) {
      const std::size_t row = i / 3, column = i % 3;
      draw_chart(c_, norms_.charts[i], char('a' + i), kLeft + double(column) * (wide + kGap), y + double(row) * kTall,
                 wide, kTall);
    }
    indices(kRight - wide, y + kTall + 3, wide);
    y += 2 * kTall + 2;
    return y + c_.paragraph(kLeft, y, kText,
                            "Figure. Volumes of healthy adults over age, for a " + norms_.person +
                                ": median (line), 25th to 75th centile (dark band), 5th to 95th (light band, dashed "
                                "edges). Dot: this scan; bar: one standard error of the method. Asymmetry is L – R "
                                "over the mean of both.",
                            kSmall);
  }

  void indices(double x, double y, double width) {
    c_.rule(x, y, x + width, y, kStrongLine, 0.9);
    c_.line(x, y + 10, "INDICES", kLabel);
    y += 14;
    Type value{.size = 8.6, .weight = 600, .align = Align::right};
    for (const auto& [name, number] : norms_.indices) {
      y += 13;
      c_.line(x, y, name, {.size = 7.4});
      c_.line(x + width, y, number, value);
    }
    if (norms_.second.empty()) return;
    c_.line(x, y + 13, "SECOND OPINION: NICHART CENTILES", kLabel);
    y += 15;
    value.size = 7.4;
    value.weight = 400;
    for (const auto& [name, band] : norms_.second) {
      y += 11;
      c_.line(x, y, name, {.size = 7.4});
      c_.line(x + width, y, band, value);
    }
  }

  struct Columns {
    double ml, expected, strip, centile;
  };
  static constexpr double kStrip = 66;

  double table(double y) {
    const Columns left{kLeft + 130, kLeft + 160, kLeft + 168, kLeft + 239};
    const Columns right{left.ml + 195, left.expected + 195, left.strip + 195, left.centile + 195};
    Type head = kLabel;
    head.align = Align::right;
    c_.rule(kLeft, y, kRight, y, kStrongLine, 0.9);
    y += 10;
    c_.line(kLeft, y, "STRUCTURE", kLabel);
    for (const auto* side : {&left, &right}) {
      c_.line(side->ml, y, side == &left ? "LEFT, ML" : "RIGHT, ML", head);
      c_.line(side->expected, y, "NORM", head);
      c_.line(side->centile, y, "CENTILE", kLabel);
      for (const auto& [z, text] : {std::pair{-kTwentieth, "5"}, std::pair{0.0, "50"}, std::pair{kTwentieth, "95"}})
        c_.line(side->strip + at(z), y, text, {.size = 5.4, .ink = kDim, .align = Align::centre});
    }
    y += 4.5;
    c_.rule(kLeft, y, kRight, y, kStrongLine, 0.4);
    Type strong = kCell;
    strong.weight = 600;
    for (const auto& row : norms_.rows) {
      if (row.structure != 0) continue;
      y += 12;
      c_.line(kLeft, y, row.name, strong);
      cells(y, row, left);
    }
    for (const auto& group : tabulate(f_)) {
      y += 4;
      c_.rule(kLeft, y, kRight, y, kLine, 0.5);
      y += 11.5;
      c_.line(kLeft, y, group.title, {.size = 7.4, .weight = 600, .ink = kAccent});
      for (const auto& row : group.rows) y = structure_row(y, row, left, right);
    }
    y += 5;
    c_.rule(kLeft, y, kRight, y, kStrongLine, 0.9);
    return y;
  }

  const NormRow* norm_of(int structure) const {
    for (const auto& row : norms_.rows)
      if (row.structure == structure) return &row;
    return nullptr;
  }

  /// Both sides of a structure in one line; none where the norm does not know it.
  double structure_row(double y, const TableRow& row, const Columns& left, const Columns& right) {
    const auto* structure = imaging::structure(row.structure);
    const auto* here = norm_of(row.structure);
    if (!here) return y;
    y += 11.5;
    c_.box(kLeft + 1, y - 5.3, 5.4, 5.4, ink_of(structure->colour), 1.2);
    c_.line(kLeft + 12, y, row.name, kCell);
    cells(y, *here, left);
    const auto* there = structure->partner ? norm_of(structure->partner) : nullptr;
    if (there) cells(y, *there, right);
    return y;
  }

  static double at(double z) { return kStrip * (std::clamp(z, -kFarthest, kFarthest) + kFarthest) / (2 * kFarthest); }

  void cells(double y, const NormRow& row, const Columns& x) {
    Type expected = kNumber;
    expected.ink = kFaint;
    c_.line(x.ml, y, three_figures(row.ml), kNumber);
    c_.line(x.expected, y, three_figures(row.expected_ml), expected);
    const auto band = [&](double z, Ink ink) { c_.box(x.strip + at(-z), y - 6.2, at(z) - at(-z), 6.8, ink); };
    band(kTwentieth, kPale);
    band(kQuarter, kMid);
    c_.rule(x.strip + at(0), y - 6.2, x.strip + at(0), y + 0.6, kCurve, 0.5);
    c_.rule(x.strip + at(row.z - row.z_error), y - 2.8, x.strip + at(row.z + row.z_error), y - 2.8, kInk, 0.9);
    c_.dot(x.strip + at(row.z), y - 2.8, 2, kInk);
    Type centile{.size = 7.6, .weight = 600};
    const double used = c_.line(x.centile, y, row.centile, centile);
    c_.line(x.centile + used + 3, y, fmt::format("({})", row.range), {.size = 7, .ink = kDim});
  }

  void text(double y) {
    std::string words = norms_.method;
    for (const auto& note : norms_.notes) words += " Note: " + note + ".";
    if (!f_.flags.empty()) words += " Quality flags were raised: see the first page before you read a centile.";
    c_.line(kLeft, y, "METHOD AND LIMITS", kLabel);
    c_.paragraph(kLeft, y + 4, kText,
                 words +
                     " Strips show three standard deviations each way, centiles in brackets the range of one standard "
                     "error. A centile is a place among healthy people, not a diagnosis: of "
                     "healthy people, 5 in 100 lie below the 5th.",
                 kSmall);
  }

  Canvas& c_;
  const Findings& f_;
  const Norms& norms_;
};

}  // namespace

void draw_norms(Canvas& canvas, const Findings& findings, int page, int pages) {
  NormPage(canvas, findings).draw();
  draw_foot(canvas, findings, page, pages);
}

double draw_head(Canvas& c, const Findings& f, std::string_view title, std::string_view about) {
  double y = 38;
  if (!f.remark.empty()) {
    c.box(kLeft, y - 10, kText, 15, hex(0xfdf0d8), 2);
    c.line(kLeft + 6, y, f.remark, {.size = 7.6, .weight = 600, .ink = kWarn}, kText - 12);
    y += 22;
  }
  c.line(kLeft, y + 14, title, {.size = 21, .weight = 600, .display = true, .spacing = -0.2});
  c.line(kRight, y + 3, "LARMOR", {.size = 8.2, .weight = 700, .ink = kAccent, .align = Align::right, .spacing = 1.4});
  c.line(kRight, y + 14, about, {.size = 7, .ink = kDim, .align = Align::right}, 190);
  c.rule(kLeft, y + 25, kRight, y + 25, kStrongLine, 0.9);
  return y + 25;
}

void draw_foot(Canvas& c, const Findings& f, int page, int pages) {
  c.rule(kLeft, kFoot, kRight, kFoot, kStrongLine, 0.9);
  c.line(kLeft, kFoot + 12, "Not a medical device. Not for diagnostic use.", {.size = 8, .weight = 700});
  c.line(
      kLeft, kFoot + 23.5,
      "Larmor is not certified in any country. No person has checked the outlines: look at them before you rely on a "
      "number.",
      kSmall);
  Type right = kSmall;
  right.align = Align::right;
  std::string made = f.made;
  if (const auto t = made.find('T'); t != std::string::npos) made[t] = ' ';
  if (!made.empty()) c.line(kRight, kFoot + 12, "Made " + made, right);
  c.line(kRight, kFoot + 23.5, fmt::format("Page {} of {}", page, pages), right);
}

}  // namespace larmor::report

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
  c.line(left + 10, top + 9, chart.title + ", ml", {.size = 7, .weight = 600}, width - 10);
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

class NormTable {
 public:
  NormTable(Canvas& canvas, const Findings& findings) : c_(canvas), f_(findings), norms_(*findings.norms) {}

  double draw(double y) {
    const Columns left{kLeft + 126, kLeft + 153, kLeft + 159, kLeft + 222};
    const Columns right{left.ml + 186, left.expected + 186, left.strip + 186, left.centile + 186};
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
    c_.line(kRight, y, "L – R, %", head);
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
    if (f_.intracranial_ml) {
      y += 12;
      c_.line(kLeft, y, "Intracranial volume", strong);
      c_.line(left.ml, y, three_figures(*f_.intracranial_ml), kNumber);
    }
    for (const auto& group : tabulate(f_)) {
      y += 4;
      c_.rule(kLeft, y, kRight, y, kLine, 0.5);
      y += 11;
      c_.line(kLeft, y, group.title, {.size = 7.4, .weight = 600, .ink = kAccent});
      for (const auto& row : group.rows) y = structure_row(y, row, left, right);
    }
    y += 5;
    c_.rule(kLeft, y, kRight, y, kStrongLine, 0.9);
    return y;
  }

 private:
  struct Columns {
    double ml, expected, strip, centile;
  };
  static constexpr double kStrip = 58;

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
    y += 11.2;
    c_.box(kLeft + 1, y - 5.3, 5.4, 5.4, ink_of(structure->colour), 1.2);
    c_.line(kLeft + 12, y, row.name, kCell);
    cells(y, *here, left);
    const auto* there = structure->partner ? norm_of(structure->partner) : nullptr;
    if (there) cells(y, *there, right);
    Type dim = kNumber;
    dim.ink = kDim;
    if (row.asymmetry) c_.line(kRight, y, signed_number(*row.asymmetry, 1), dim);
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

  Canvas& c_;
  const Findings& f_;
  const Norms& norms_;
};

}  // namespace

double draw_norm_charts(Canvas& c, const Norms& norms, double y, double tall) {
  constexpr std::size_t kMost = 5;
  constexpr double kGap = 8, kWide = (kText - (kMost - 1) * kGap) / kMost;
  for (std::size_t i = 0; i < std::min(norms.charts.size(), kMost); ++i)
    draw_chart(c, norms.charts[i], char('a' + i), kLeft + double(i) * (kWide + kGap), y, kWide, tall);
  y += tall + 1;
  return y + c.paragraph(kLeft, y, kText,
                         "Figure 2. Volumes of healthy adults over age, for a " + norms.person +
                             ": median (line), 25th to 75th centile (dark band), 5th to 95th (light band, dashed "
                             "edges). Dot: this scan; bar: one standard error of the method.",
                         kSmall);
}

double draw_indices(Canvas& c, const Norms& norms, double x, double y, double width) {
  y = draw_title(c, x, y, width, "INDICES") + 4;
  constexpr double kGap = 14;
  const auto list = [&](const auto& rows, std::size_t columns, double pitch, Type value) {
    const double wide = (width - kGap * double(columns - 1)) / double(columns);
    value.align = Align::right;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (i % columns == 0) y += pitch;
      const double left = x + double(i % columns) * (wide + kGap);
      c.line(left, y, rows[i].first, {.size = 7.4}, wide - 34);
      c.line(left + wide, y, rows[i].second, value);
    }
  };
  list(norms.indices, 1, 13, {.size = 8.6, .weight = 600});
  if (norms.second.empty()) return y + 4;
  c.line(x, y + 13, "SECOND OPINION: NICHART CENTILES", kLabel);
  y += 15;
  list(norms.second, width > 200 ? 2 : 1, 11, {.size = 7.4});
  return y + 4;
}

double draw_norm_table(Canvas& canvas, const Findings& findings, double y) {
  return NormTable(canvas, findings).draw(y);
}

}  // namespace larmor::report

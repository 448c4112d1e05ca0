#include "report/layout.h"
#include "report/table.h"

namespace larmor::report {
namespace {

class VolumeTable {
 public:
  VolumeTable(Canvas& canvas, const Findings& findings) : c_(canvas), f_(findings) {}

  double draw(double y) {
    const Columns x;
    Type head = kLabel;
    head.align = Align::right;
    c_.rule(kLeft, y, kRight, y, kStrongLine, 0.9);
    y += 10;
    c_.line(kLeft, y, "STRUCTURE", kLabel);
    c_.line(x.left, y, "LEFT, ML", head);
    c_.line(x.right, y, "RIGHT", head);
    c_.line(x.total, y, "TOTAL", head);
    c_.line(x.percent, y, "% ICV", head);
    c_.line(x.number, y, "L – R, %", head);
    Type side = kLabel;
    side.align = Align::centre;
    c_.line(x.axis - x.bar / 2, y, "R", side);
    c_.line(x.axis + x.bar / 2, y, "L", side);
    y += 4.5;
    c_.rule(kLeft, y, kRight, y, kStrongLine, 0.4);
    for (const auto& group : tabulate(f_)) {
      y += 13.2;
      c_.line(kLeft, y, group.title, {.size = 7.4, .weight = 600, .ink = kAccent});
      for (const auto& row : group.rows) y = table_row(y + 12.3, row, x);
      y += 4;
      c_.rule(kLeft, y, kRight, y, kLine, 0.5);
    }
    return sums(y, x);
  }

 private:
  struct Columns {
    double left = kLeft + 228, right = kLeft + 288, total = kLeft + 348, percent = kLeft + 404, number = kLeft + 458;
    double axis = kLeft + 487, bar = 22;  ///< the middle and half of the width of the asymmetry bars
  };

  double table_row(double y, const TableRow& row, const Columns& x) {
    const auto* structure = imaging::structure(row.structure);
    c_.box(kLeft + 1, y - 5.3, 5.4, 5.4, ink_of(structure->colour), 1.2);
    c_.line(kLeft + 12, y, row.name, kCell);
    if (row.left) c_.line(x.left, y, three_figures(*row.left), kNumber);
    if (row.right) c_.line(x.right, y, three_figures(*row.right), kNumber);
    c_.line(x.total, y, three_figures(row.total), kNumber);
    if (row.percent) c_.line(x.percent, y, fmt::format("{:.2f}", *row.percent), kNumber);
    if (row.asymmetry) asymmetry(y, *row.asymmetry, x);
    return y;
  }

  void asymmetry(double y, double percent, const Columns& x) {
    Type type = kNumber;
    type.ink = kDim;
    c_.line(x.number, y, signed_number(percent, 1), type);
    // The left is on the reader's right, as in the figure; bars end at 20 per cent.
    const double length = x.bar * std::min(std::abs(percent) / 20, 1.0);
    c_.box(percent > 0 ? x.axis : x.axis - length, y - 5, length, 4.6, percent > 0 ? hex(0x0a7b80) : hex(0x6f4fc0));
    c_.rule(x.axis, y - 7, x.axis, y + 1.6, hex(0xb9c5cf), 0.5);
  }

  double sums(double y, const Columns& x) {
    const auto sums = add_up(f_);
    Type strong = kCell, number = kNumber;
    strong.weight = number.weight = 600;
    const auto line = [&](std::string_view name, double ml, bool percent) {
      y += 12.6;
      c_.line(kLeft, y, name, strong);
      c_.line(x.total, y, three_figures(ml), number);
      if (percent && f_.intracranial_ml)
        c_.line(x.percent, y, fmt::format("{:.2f}", 100 * ml / *f_.intracranial_ml), number);
    };
    line("Brain (without ventricles and fluid)", sums.brain, true);
    if (f_.intracranial_ml) line("Intracranial volume (ICV)", *f_.intracranial_ml, false);
    c_.rule(kLeft, y + 5, kRight, y + 5, kStrongLine, 0.9);
    return y + 5;
  }

  Canvas& c_;
  const Findings& f_;
};

}  // namespace

double draw_volume_table(Canvas& canvas, const Findings& findings, double y) {
  return VolumeTable(canvas, findings).draw(y);
}

}  // namespace larmor::report

#include <cmath>

#include "report/canvas.h"
#include "report/table.h"

namespace larmor::report {
namespace {

constexpr int kColumns = 4, kRows = 3;

/// A sagittal cut does not show its side: its labels tell it.
std::string side_of(const Slice& cut) {
  int left = 0, right = 0;
  for (const int id : cut.labels) {
    const auto* structure = imaging::structure(id);
    left += structure && structure->side == imaging::Side::left;
    right += structure && structure->side == imaging::Side::right;
  }
  if (10 * left > 7 * (left + right)) return "left  ";
  return 10 * right > 7 * (left + right) ? "right  " : "midline  ";
}

}  // namespace

Result<Picture> montage(const Scene& scene, Plane plane) {
  constexpr double kPixelsPerMm = 2, kGap = 2, kFoot = 15;
  const auto window = scene.around_brain(8);
  const auto indices = scene.spread(plane, kColumns * kRows);
  const auto first = scene.cut(plane, indices.front(), window);
  const double w = first.width * first.mm_x, h = first.height * first.mm_y;
  const double width = kColumns * w + (kColumns - 1) * kGap, height = kRows * h + (kRows - 1) * kGap + kFoot;
  const auto canvas = Canvas::pixels(width, height, kPixelsPerMm, hex(0x000000));
  constexpr Type kMark{.size = 6.5, .weight = 600, .ink = hex(0xffffff, 0.9), .halo = true};
  Type right = kMark;
  right.align = Align::right;
  for (int i = 0; i < kColumns * kRows; ++i) {
    const int column = i % kColumns, row = i / kColumns;
    const double x = column * (w + kGap), y = row * (h + kGap);
    const int index = indices[static_cast<std::size_t>(i)];
    const auto cut = scene.cut(plane, index, window);
    canvas->slice(cut, x, y, w, 0.6, 0.16, 2);
    canvas->line(
        x + w - 4, y + 9,
        (plane == Plane::sagittal ? side_of(cut) : "") + signed_number(scene.position_mm(plane, index), 0) + " mm",
        {.size = 6, .ink = hex(0xffffff, 0.75), .align = Align::right, .halo = true});
    canvas->line(x + 4, y + h / 2, plane == Plane::sagittal ? "A" : "R", kMark);
    canvas->line(x + w - 4, y + h / 2, plane == Plane::sagittal ? "P" : "L", right);
  }
  canvas->line(4, height - 5, fmt::format("Larmor  ·  {}  ·  radiological convention", name(plane)),
               {.size = 6.5, .weight = 500, .ink = hex(0xffffff, 0.75)});
  canvas->line(width - 4, height - 5, "Not a medical device. Not for diagnostic use.",
               {.size = 6.5, .weight = 500, .ink = hex(0xffffff, 0.75), .align = Align::right});
  return canvas->finish_picture();
}

}  // namespace larmor::report

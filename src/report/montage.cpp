#include "report/layout.h"
#include "report/table.h"

namespace larmor::report {
namespace {

constexpr int kColumns = 4, kRows = 3;
constexpr double kPixelsPerMm = 2, kGap = 2;

constexpr Type kWords{.size = 6.5, .weight = 500, .ink = hex(0xffffff, 0.75)};

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

struct Cell {
  Plane plane;
  int index;
  double x, y, w, h;
};

/// Where a cut lies and how it is turned.
void annotate(Canvas& canvas, const Scene& scene, const Cell& cell, std::string_view side) {
  constexpr Type kMark{.size = 6.5, .weight = 600, .ink = hex(0xffffff, 0.9), .halo = true};
  Type right = kMark;
  right.align = Align::right;
  const bool sagittal = cell.plane == Plane::sagittal;
  canvas.line(cell.x + cell.w - 4, cell.y + 9,
              fmt::format("{}{} mm", side, signed_number(scene.position_mm(cell.plane, cell.index), 0)),
              {.size = 6, .ink = hex(0xffffff, 0.75), .align = Align::right, .halo = true});
  canvas.line(cell.x + 4, cell.y + cell.h / 2, sagittal ? "A" : "R", kMark);
  canvas.line(cell.x + cell.w - 4, cell.y + cell.h / 2, sagittal ? "P" : "L", right);
}

/// The lowest line: what is seen, and that nobody may rely on it.
void draw_words(Canvas& canvas, double left, double width, double height, const std::string& text,
                std::string_view remark) {
  canvas.line(left, height - 5, remark.empty() ? text : fmt::format("{}  ·  {}", text, remark), kWords);
  Type right = kWords;
  right.align = Align::right;
  canvas.line(width - 4, height - 5, "Not a medical device. Not for diagnostic use.", right);
}

}  // namespace

Result<Picture> montage(const Scene& scene, Plane plane, std::string_view remark) {
  constexpr double kFootMm = 15;
  const auto window = scene.around_brain(8);
  const auto indices = scene.spread(plane, kColumns * kRows);
  const auto first = scene.cut(plane, indices.front(), window);
  const double w = first.width * first.mm_x, h = first.height * first.mm_y;
  const double width = kColumns * w + (kColumns - 1) * kGap, height = kRows * h + (kRows - 1) * kGap + kFootMm;
  const auto canvas = Canvas::pixels(width, height, kPixelsPerMm, hex(0x000000));
  for (int i = 0; i < kColumns * kRows; ++i) {
    const int column = i % kColumns, row = i / kColumns;
    const Cell cell{plane, indices[static_cast<std::size_t>(i)], column * (w + kGap), row * (h + kGap), w, h};
    const auto cut = scene.cut(plane, cell.index, window);
    canvas->slice(cut, cell.x, cell.y, w, 0.6, 0.16, 2);
    annotate(*canvas, scene, cell, plane == Plane::sagittal ? side_of(cut) : "");
  }
  draw_words(*canvas, 4, width, height, fmt::format("Larmor  ·  {}  ·  radiological convention", name(plane)), remark);
  return canvas->finish_picture();
}

Result<Picture> change_montage(const Scene& scene, std::string_view remark) {
  if (!scene.has_change()) return fail(Code::invalid, "cannot draw a change: there is none");
  constexpr double kFootMm = 28;
  // As many cuts a row as make rows of about one width: a head is longer than wide.
  constexpr std::array kCuts = {std::pair{Plane::axial, 5}, std::pair{Plane::coronal, 5},
                                std::pair{Plane::sagittal, 4}};
  const auto window = scene.around_brain(6);
  const auto extent = [&](int d) { return double(window.high[d] - window.low[d]); };
  const double width = std::max(5 * extent(0), 4 * extent(1)) + 4 * kGap;
  const double height = extent(1) + 2 * extent(2) + 2 * kGap + kFootMm;
  const auto canvas = Canvas::pixels(width, height, kPixelsPerMm, hex(0x000000));
  double y = 0;
  for (const auto& [plane, count] : kCuts) {
    const double w = extent(plane == Plane::sagittal ? 1 : 0), h = extent(plane == Plane::axial ? 1 : 2);
    const auto indices = scene.spread(plane, count);
    for (int i = 0; i < count; ++i) {
      const Cell cell{plane, indices[static_cast<std::size_t>(i)], i * (width - w) / (count - 1), y, w, h};
      const auto cut = scene.cut(plane, cell.index, window);
      canvas->change(cut, cell.x, y, w, 0.4, 2);
      annotate(*canvas, scene, cell, plane == Plane::sagittal ? side_of(cut) : "");
    }
    y += h + kGap;
  }
  draw_change_bar(*canvas, 14, y + 3, 150, hex(0xffffff, 0.85));
  canvas->line(
      184, height - 15,
      fmt::format("Local change of volume since the earlier scan, % of the mean of both, averaged over {:.0f} mm",
                  kChangeBlurMm),
      kWords);
  draw_words(*canvas, 184, width, height,
             "Larmor  ·  blue, darker: loss  ·  orange, brighter: growth  ·  radiological convention", remark);
  return canvas->finish_picture();
}

}  // namespace larmor::report

#include "report/layout.h"
#include "report/table.h"

namespace larmor::report {
namespace {

constexpr Type kMark{.size = 7, .weight = 600, .ink = kWhite, .halo = true};

/// What all three cuts show: around the brain, as tall as it is deep, so that they have one height.
Window window_of(const Scene& scene) {
  Window window = scene.around_brain(9);
  const int front = window.high[1] - window.low[1], top = window.high[2] - window.low[2];
  const int more = std::max(0, front - top);
  window.low[2] -= more * 2 / 3;
  window.high[2] += more - more * 2 / 3;
  return window;
}

void annotate(Canvas& c, Plane plane, double x, double y, Extent of, char letter) {
  c.line(x + 6, y + 11, std::string(1, letter), {.size = 9, .weight = 700, .ink = kWhite, .halo = true});
  Type right = kMark;
  right.align = Align::right;
  c.line(x + 5, y + of.height / 2, plane == Plane::sagittal ? "A" : "R", kMark);
  c.line(x + of.width - 5, y + of.height / 2, plane == Plane::sagittal ? "P" : "L", right);
}

void draw_scale_bar(Canvas& c, double x, double bottom, double scale) {
  const double end = x + 6 + 50 * scale;
  c.rule(x + 5.2, bottom - 7, end + 0.8, bottom - 7, hex(0x000000), 2.8);
  c.rule(x + 6, bottom - 7, end, bottom - 7, kWhite, 1.2);
  c.line(end + 3, bottom - 4.8, "5 cm", {.size = 6.2, .weight = 600, .ink = kWhite, .halo = true});
}

}  // namespace

Extent draw_cuts(Canvas& c, const Scene& scene, Over over, double x, double y, Extent most, char letter) {
  constexpr double kGap = 5;
  constexpr std::array kPlanes = {Plane::axial, Plane::coronal, Plane::sagittal};
  const auto window = window_of(scene);
  std::array<Slice, 3> cuts;
  double across = 0, tall = 0;
  for (std::size_t i = 0; i < 3; ++i) {
    cuts[i] = scene.cut(kPlanes[i], scene.telling(kPlanes[i]), window);
    across += cuts[i].width * cuts[i].mm_x;
    tall = std::max(tall, cuts[i].height * cuts[i].mm_y);
  }
  const double scale = std::min((most.width - 2 * kGap) / across, most.height / tall);
  const double start = x;
  for (std::size_t i = 0; i < 3; ++i) {
    const Extent size{cuts[i].width * cuts[i].mm_x * scale, cuts[i].height * cuts[i].mm_y * scale};
    c.box(x, y, size.width, tall * scale, hex(0x000000));
    if (over == Over::outlines)
      c.slice(cuts[i], x, y, size.width, 0.55, 0.16, 3);
    else if (over == Over::nothing)
      c.bare(cuts[i], x, y, size.width, 3);
    else
      c.change(cuts[i], x, y, size.width, 0.35, 3);
    annotate(c, kPlanes[i], x, y, {size.width, tall * scale}, char(letter + i));
    if (i == 0) draw_scale_bar(c, x, y + tall * scale, scale);
    x += size.width + kGap;
  }
  return {x - kGap - start, tall * scale};
}

}  // namespace larmor::report

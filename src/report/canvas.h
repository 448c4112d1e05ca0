#pragma once
/// For the .cpp files of this folder: a thin face over cairo and pango. Lengths in points, the origin at the top left.
///
/// Owns its surface. One thread at a time; several canvases may live on several threads.
#include <cairo.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "imaging/structures.h"
#include "report/outline.h"
#include "report/report.h"
#include "report/scene.h"

namespace larmor::report {

struct Ink {
  double red = 0, green = 0, blue = 0, alpha = 1;
};
Ink ink_of(imaging::Rgb, double alpha = 1);
constexpr Ink hex(unsigned rgb, double alpha = 1) {
  return {(rgb >> 16 & 255) / 255.0, (rgb >> 8 & 255) / 255.0, (rgb & 255) / 255.0, alpha};
}

inline constexpr Ink kInk = hex(0x13202b), kDim = hex(0x475766), kFaint = hex(0x6b7a87), kLine = hex(0xdfe5ea),
                     kStrongLine = hex(0x13202b), kAccent = hex(0x0a6d72), kWarn = hex(0x8a5a00), kOk = hex(0x14713e),
                     kWhite = hex(0xffffff);

/// Beyond this many percent a change has its full colour. One scale for everybody, so that pictures can be compared.
inline constexpr double kFullChange = 5;
/// Blue and darker for loss, orange and brighter for growth: told apart without colours and by the colour-blind. Clear
/// where nothing has changed.
Ink tint_of(double percent);

enum class Align { left, centre, right };

struct Type {
  double size = 8;
  int weight = 400;  ///< as in CSS
  Ink ink = kInk;
  Align align = Align::left;
  bool display = false;   ///< the cut for large sizes
  double spacing = 0;     ///< between letters, in points
  bool halo = false;      ///< a dark rim, for text on pictures
  double leading = 1.35;  ///< distance of lines, in sizes
};

class Canvas {
 public:
  /// Vectors, into a PDF of that size; `made` is its creation date.
  static std::unique_ptr<Canvas> pdf(double width, double height, const std::string& title, const std::string& made);
  /// Pixels, `scale` of them per point.
  static std::unique_ptr<Canvas> pixels(double width, double height, double scale, Ink ground);
  ~Canvas();
  Canvas(const Canvas&) = delete;
  Canvas& operator=(const Canvas&) = delete;

  /// One line, its baseline at y; cut with an ellipsis beyond `width` if that is positive. Returns the width used.
  double line(double x, double y, std::string_view text, const Type&, double width = 0);
  /// A paragraph from the top y, broken at `width`. Returns its height.
  double paragraph(double x, double y, double width, std::string_view text, const Type&);
  double width_of(std::string_view text, const Type&);
  void rule(double x0, double y0, double x1, double y1, Ink, double width = 0.5);
  void box(double x, double y, double width, double height, Ink, double radius = 0);
  void dot(double x, double y, double radius, Ink);
  /// A line through spots; `dash` is the length of its dashes and gaps, 0 for none.
  void curve(const std::vector<Spot>&, Ink, double width, double dash = 0);
  /// What a closed line encloses.
  void area(const Loop&, Ink);
  /// Grey image in the rectangle of that width. `enlarged` is the number of pixels that a voxel gets along each side.
  void bare(const Slice&, double x, double y, double width, int enlarged);
  /// With the outlines of its labels; areas are tinted with `fill_alpha`.
  void slice(const Slice&, double x, double y, double width, double line_width, double fill_alpha, int enlarged);
  /// Grey image under the tints of its change within the head's labels, with thin outlines of all that is labelled.
  void change(const Slice&, double x, double y, double width, double line_width, int enlarged);

  /// Ends the page and begins another.
  void next_page();
  /// Ends the last page: the PDF's bytes.
  Result<std::string> finish_pdf();
  Result<Picture> finish_picture();

 private:
  Canvas() = default;
  void set(Ink);
  /// The grey image with its origin and scale set for what is drawn over it; save() before, restore() after.
  double place(const Slice&, double x, double y, double width, int enlarged);
  void trace(const Slice&, int id);
  cairo_surface_t* surface_ = nullptr;
  cairo_t* cairo_ = nullptr;
  std::string bytes_;
};

}  // namespace larmor::report

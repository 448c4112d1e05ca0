#include "report/canvas.h"

#include <cairo-pdf.h>
#include <pango/pangocairo.h>

#include <cmath>
#include <cstring>
#include <set>

namespace larmor::report {
namespace {

cairo_status_t append(void* to, const unsigned char* data, unsigned length) {
  static_cast<std::string*>(to)->append(reinterpret_cast<const char*>(data), length);
  return CAIRO_STATUS_SUCCESS;
}

struct Unref {
  void operator()(PangoLayout* layout) const { g_object_unref(layout); }
};
using Layout = std::unique_ptr<PangoLayout, Unref>;

Layout lay_out(cairo_t* cairo, std::string_view text, const Type& type) {
  Layout layout(pango_cairo_create_layout(cairo));
  // Letters stand where the font wants them, not at whole points: the page is printed finer than it is laid out.
  pango_context_set_round_glyph_positions(pango_layout_get_context(layout.get()), FALSE);
  pango_layout_context_changed(layout.get());
  auto* font = pango_font_description_new();
  pango_font_description_set_family(font, type.display ? "Inter Display,Inter,DejaVu Sans" : "Inter,DejaVu Sans");
  pango_font_description_set_weight(font, static_cast<PangoWeight>(type.weight));
  pango_font_description_set_absolute_size(font, type.size * PANGO_SCALE);
  pango_layout_set_font_description(layout.get(), font);
  pango_font_description_free(font);
  auto* attributes = pango_attr_list_new();
  // Figures of one width stand in columns; cv and ss sets stay off, so that the page looks alike with another font.
  pango_attr_list_insert(attributes, pango_attr_font_features_new("tnum=1"));
  if (type.spacing != 0)
    pango_attr_list_insert(attributes, pango_attr_letter_spacing_new(static_cast<int>(type.spacing * PANGO_SCALE)));
  pango_layout_set_attributes(layout.get(), attributes);
  pango_attr_list_unref(attributes);
  // Names come from anywhere: bytes that are no UTF-8 are shown as such instead of spoiling the page.
  auto* valid = g_utf8_make_valid(text.data(), static_cast<gssize>(text.size()));
  pango_layout_set_text(layout.get(), valid, -1);
  g_free(valid);
  return layout;
}

double extent(PangoLayout* layout) {
  PangoRectangle logical;
  pango_layout_get_extents(layout, nullptr, &logical);
  return static_cast<double>(logical.width) / PANGO_SCALE;
}

/// The fluid around the brain follows every sulcus: its outline would hide the cortex's.
constexpr int kFluidOutside = 24;

/// Catmull-Rom (1974): the weights of the four neighbours at a distance t behind the second.
std::array<float, 4> catmull_rom(float t) {
  const float t2 = t * t, t3 = t2 * t;
  return {(-t3 + 2 * t2 - t) / 2, (3 * t3 - 5 * t2 + 2) / 2, (-3 * t3 + 4 * t2 + t) / 2, (t3 - t2) / 2};
}

/// Enlarged by a whole factor, smoothly: printers and screens would otherwise show voxels as tiles.
std::vector<float> enlarge(const std::vector<float>& grey, int width, int height, int factor) {
  const auto along = [factor](const std::vector<float>& in, int lines, int length, int line_step, int step) {
    std::vector<float> out(in.size() * factor);
    for (int line = 0; line < lines; ++line)
      for (int i = 0; i < length * factor; ++i) {
        const float at = (static_cast<float>(i) + 0.5F) / static_cast<float>(factor) - 0.5F;
        const int first = static_cast<int>(std::floor(at));
        const auto weights = catmull_rom(at - static_cast<float>(first));
        float sum = 0;
        for (int k = 0; k < 4; ++k)
          sum += weights[k] * in[static_cast<std::size_t>(line) * line_step +
                                 static_cast<std::size_t>(std::clamp(first - 1 + k, 0, length - 1)) * step];
        // Lines one after the other, each enlarged, whatever the steps were in the input.
        out[static_cast<std::size_t>(line) * length * factor + i] = sum;
      }
    return out;
  };
  const auto rows = along(grey, height, width, width, 1);
  const int wide = width * factor;
  const auto columns = along(rows, wide, height, 1, wide);
  std::vector<float> out(columns.size());
  for (int x = 0; x < wide; ++x)
    for (int y = 0; y < height * factor; ++y)
      out[static_cast<std::size_t>(y) * wide + x] = columns[static_cast<std::size_t>(x) * height * factor + y];
  return out;
}

cairo_surface_t* grey_surface(const std::vector<float>& grey, int width, int height) {
  auto* surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height);
  auto* data = cairo_image_surface_get_data(surface);
  const int stride = cairo_image_surface_get_stride(surface);
  for (int y = 0; data && y < height; ++y)
    for (int x = 0; x < width; ++x) {
      const auto v = static_cast<std::uint32_t>(
          std::lround(255 * std::clamp(grey[static_cast<std::size_t>(y) * width + x], 0.0F, 1.0F)));
      const std::uint32_t pixel = v << 16 | v << 8 | v;
      std::memcpy(data + static_cast<std::ptrdiff_t>(y) * stride + std::ptrdiff_t{4} * x, &pixel, 4);
    }
  cairo_surface_mark_dirty(surface);
  return surface;
}

cairo_surface_t* tint_surface(const Slice& slice) {
  auto* surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, slice.width, slice.height);
  auto* data = cairo_image_surface_get_data(surface);
  const int stride = cairo_image_surface_get_stride(surface);
  for (int y = 0; data && y < slice.height; ++y)
    for (int x = 0; x < slice.width; ++x) {
      const auto i = static_cast<std::size_t>(y) * slice.width + x;
      if (slice.labels[i] == 0 || slice.labels[i] == kFluidOutside) continue;
      const Ink ink = tint_of(slice.change[i]);
      std::uint32_t pixel = 0;
      for (const double part : {1.0, ink.red, ink.green, ink.blue})  // cairo wants the colour times alpha
        pixel = pixel << 8 | static_cast<std::uint32_t>(std::lround(255 * part * ink.alpha));
      std::memcpy(data + static_cast<std::ptrdiff_t>(y) * stride + std::ptrdiff_t{4} * x, &pixel, 4);
    }
  cairo_surface_mark_dirty(surface);
  return surface;
}

/// Takes the surface, `enlarged` of whose pixels are one voxel.
void paint(cairo_t* cairo, cairo_surface_t* image, int enlarged) {
  cairo_save(cairo);
  cairo_scale(cairo, 1.0 / enlarged, 1.0 / enlarged);
  cairo_set_source_surface(cairo, image, 0, 0);
  cairo_pattern_set_filter(cairo_get_source(cairo), CAIRO_FILTER_BILINEAR);
  cairo_paint(cairo);
  cairo_surface_destroy(image);
  cairo_restore(cairo);
}

}  // namespace

Ink tint_of(double percent) {
  constexpr double kStrongest = 0.85;
  const double alpha = kStrongest * std::min(std::abs(percent) / kFullChange, 1.0);
  return percent < 0 ? hex(0x1c54c4, alpha) : hex(0xffa733, alpha);
}

Ink ink_of(imaging::Rgb c, double alpha) {
  return {c.red / 255.0, c.green / 255.0, c.blue / 255.0, alpha};
}

std::unique_ptr<Canvas> Canvas::pdf(double width, double height, const std::string& title, const std::string& made) {
  std::unique_ptr<Canvas> canvas(new Canvas);
  canvas->surface_ = cairo_pdf_surface_create_for_stream(append, &canvas->bytes_, width, height);
  cairo_pdf_surface_set_metadata(canvas->surface_, CAIRO_PDF_METADATA_TITLE, title.c_str());
  cairo_pdf_surface_set_metadata(canvas->surface_, CAIRO_PDF_METADATA_AUTHOR, "Larmor");
  cairo_pdf_surface_set_metadata(canvas->surface_, CAIRO_PDF_METADATA_CREATOR, "Larmor");
  // Without a date of ours cairo takes the clock's, and no two runs would give the same bytes.
  cairo_pdf_surface_set_metadata(canvas->surface_, CAIRO_PDF_METADATA_CREATE_DATE,
                                 made.empty() ? "1900-01-01T00:00:00" : made.c_str());
  canvas->cairo_ = cairo_create(canvas->surface_);
  return canvas;
}

std::unique_ptr<Canvas> Canvas::pixels(double width, double height, double scale, Ink ground) {
  std::unique_ptr<Canvas> canvas(new Canvas);
  canvas->surface_ = cairo_image_surface_create(CAIRO_FORMAT_RGB24, static_cast<int>(std::lround(width * scale)),
                                                static_cast<int>(std::lround(height * scale)));
  canvas->cairo_ = cairo_create(canvas->surface_);
  canvas->set(ground);
  cairo_paint(canvas->cairo_);
  cairo_scale(canvas->cairo_, scale, scale);
  // Whole-pixel hinting would space letters differently from the PDF.
  auto* options = cairo_font_options_create();
  cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
  cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
  cairo_set_font_options(canvas->cairo_, options);
  cairo_font_options_destroy(options);
  return canvas;
}

Canvas::~Canvas() {
  cairo_destroy(cairo_);
  cairo_surface_destroy(surface_);
}

void Canvas::set(Ink ink) {
  cairo_set_source_rgba(cairo_, ink.red, ink.green, ink.blue, ink.alpha);
}

double Canvas::line(double x, double y, std::string_view text, const Type& type, double width) {
  const auto layout = lay_out(cairo_, text, type);
  if (width > 0 && extent(layout.get()) > width) {
    pango_layout_set_width(layout.get(), static_cast<int>(width * PANGO_SCALE));
    pango_layout_set_ellipsize(layout.get(), PANGO_ELLIPSIZE_END);
    pango_layout_set_single_paragraph_mode(layout.get(), TRUE);
  }
  const double used = extent(layout.get());
  const double left = type.align == Align::right ? x - used : type.align == Align::centre ? x - used / 2 : x;
  const double top = y - static_cast<double>(pango_layout_get_baseline(layout.get())) / PANGO_SCALE;
  if (type.halo) {
    cairo_move_to(cairo_, left, top);
    pango_cairo_layout_path(cairo_, layout.get());
    set(hex(0x000000, 0.55));
    cairo_set_line_join(cairo_, CAIRO_LINE_JOIN_ROUND);
    cairo_set_line_width(cairo_, type.size * 0.28);
    cairo_stroke(cairo_);
  }
  set(type.ink);
  cairo_move_to(cairo_, left, top);
  pango_cairo_show_layout(cairo_, layout.get());
  return used;
}

double Canvas::paragraph(double x, double y, double width, std::string_view text, const Type& type) {
  const auto layout = lay_out(cairo_, text, type);
  pango_layout_set_width(layout.get(), static_cast<int>(width * PANGO_SCALE));
  pango_layout_set_wrap(layout.get(), PANGO_WRAP_WORD_CHAR);
  if (type.align == Align::right) pango_layout_set_alignment(layout.get(), PANGO_ALIGN_RIGHT);
  set(type.ink);
  const double step = type.size * type.leading;
  const int lines = pango_layout_get_line_count(layout.get());
  for (int i = 0; i < lines; ++i) {
    auto* one = pango_layout_get_line_readonly(layout.get(), i);
    PangoRectangle logical;
    pango_layout_line_get_extents(one, nullptr, &logical);
    const double used = static_cast<double>(logical.width) / PANGO_SCALE;
    cairo_move_to(cairo_, type.align == Align::right ? x + width - used : x, y + type.size + i * step);
    pango_cairo_show_layout_line(cairo_, one);
  }
  return lines * step;
}

double Canvas::width_of(std::string_view text, const Type& type) {
  return extent(lay_out(cairo_, text, type).get());
}

void Canvas::rule(double x0, double y0, double x1, double y1, Ink ink, double width) {
  set(ink);
  cairo_set_line_width(cairo_, width);
  cairo_move_to(cairo_, x0, y0);
  cairo_line_to(cairo_, x1, y1);
  cairo_stroke(cairo_);
}

void Canvas::box(double x, double y, double width, double height, Ink ink, double radius) {
  cairo_new_path(cairo_);
  if (radius <= 0) {
    cairo_rectangle(cairo_, x, y, width, height);
  } else {
    cairo_arc(cairo_, x + width - radius, y + radius, radius, -M_PI / 2, 0);
    cairo_arc(cairo_, x + width - radius, y + height - radius, radius, 0, M_PI / 2);
    cairo_arc(cairo_, x + radius, y + height - radius, radius, M_PI / 2, M_PI);
    cairo_arc(cairo_, x + radius, y + radius, radius, M_PI, 3 * M_PI / 2);
    cairo_close_path(cairo_);
  }
  set(ink);
  cairo_fill(cairo_);
}

void Canvas::dot(double x, double y, double radius, Ink ink) {
  cairo_new_path(cairo_);
  cairo_arc(cairo_, x, y, radius, 0, 2 * M_PI);
  set(ink);
  cairo_fill(cairo_);
}

void Canvas::curve(const std::vector<Spot>& spots, Ink ink, double width, double dash) {
  cairo_new_path(cairo_);
  for (const auto& spot : spots) cairo_line_to(cairo_, spot.x, spot.y);
  set(ink);
  cairo_set_line_width(cairo_, width);
  cairo_set_line_join(cairo_, CAIRO_LINE_JOIN_ROUND);
  if (dash > 0) cairo_set_dash(cairo_, &dash, 1, 0);
  cairo_stroke(cairo_);
  cairo_set_dash(cairo_, nullptr, 0, 0);
}

void Canvas::area(const Loop& loop, Ink ink) {
  cairo_new_path(cairo_);
  for (const auto& spot : loop) cairo_line_to(cairo_, spot.x, spot.y);
  cairo_close_path(cairo_);
  set(ink);
  cairo_fill(cairo_);
}

double Canvas::place(const Slice& slice, double x, double y, double width, int enlarged) {
  const double scale = width / (slice.width * slice.mm_x);
  cairo_translate(cairo_, x, y);
  cairo_scale(cairo_, scale * slice.mm_x, scale * slice.mm_y);
  cairo_rectangle(cairo_, 0, 0, slice.width, slice.height);
  cairo_clip(cairo_);
  paint(cairo_,
        grey_surface(enlarge(slice.grey, slice.width, slice.height, enlarged), slice.width * enlarged,
                     slice.height * enlarged),
        enlarged);
  cairo_set_line_join(cairo_, CAIRO_LINE_JOIN_ROUND);
  return scale * slice.mm_x;
}

void Canvas::trace(const Slice& slice, int id) {
  cairo_new_path(cairo_);
  for (const auto& loop : outline(slice.labels, slice.width, slice.height, id)) {
    cairo_new_sub_path(cairo_);
    for (const auto& spot : loop) cairo_line_to(cairo_, spot.x, spot.y);
    cairo_close_path(cairo_);
  }
}

void Canvas::bare(const Slice& slice, double x, double y, double width, int enlarged) {
  cairo_save(cairo_);
  place(slice, x, y, width, enlarged);
  cairo_restore(cairo_);
}

void Canvas::slice(const Slice& slice, double x, double y, double width, double line_width, double fill_alpha,
                   int enlarged) {
  cairo_save(cairo_);
  cairo_set_line_width(cairo_, line_width / place(slice, x, y, width, enlarged));
  const std::set<int> present(slice.labels.begin(), slice.labels.end());
  for (const int id : present) {
    const auto* structure = imaging::structure(id);
    if (!structure || id == kFluidOutside) continue;
    trace(slice, id);
    // The hemispheres' own areas stay grey: their contrast is what one wants to see.
    const bool large = id == 2 || id == 41 || id == 3 || id == 42;
    if (fill_alpha > 0 && !large) {
      set(ink_of(structure->colour, fill_alpha));
      cairo_fill_preserve(cairo_);
    }
    set(ink_of(structure->colour, large ? 0.8 : 0.95));
    cairo_stroke(cairo_);
  }
  cairo_restore(cairo_);
}

void Canvas::change(const Slice& slice, double x, double y, double width, double line_width, int enlarged) {
  cairo_save(cairo_);
  const double scale = place(slice, x, y, width, enlarged);
  if (!slice.change.empty()) paint(cairo_, tint_surface(slice), 1);
  cairo_set_line_width(cairo_, line_width / scale);
  const std::set<int> present(slice.labels.begin(), slice.labels.end());
  for (const int id : present) {
    if (!imaging::structure(id) || id == kFluidOutside) continue;
    trace(slice, id);
    set(hex(0xffffff, 0.35));
    cairo_stroke(cairo_);
  }
  cairo_restore(cairo_);
}

void Canvas::next_page() {
  cairo_show_page(cairo_);
}

Result<std::string> Canvas::finish_pdf() {
  cairo_show_page(cairo_);
  cairo_surface_finish(surface_);
  const auto status = cairo_surface_status(surface_);
  if (status != CAIRO_STATUS_SUCCESS || cairo_status(cairo_) != CAIRO_STATUS_SUCCESS)
    return fail(Code::internal, "cannot draw the page: {}, {}", cairo_status_to_string(status),
                cairo_status_to_string(cairo_status(cairo_)));
  return bytes_;
}

Result<Picture> Canvas::finish_picture() {
  cairo_surface_flush(surface_);
  const auto* data = cairo_image_surface_get_data(surface_);
  if (cairo_status(cairo_) != CAIRO_STATUS_SUCCESS || !data)
    return fail(Code::internal, "cannot draw the picture: {}", cairo_status_to_string(cairo_status(cairo_)));
  Picture picture;
  picture.width = static_cast<std::uint32_t>(cairo_image_surface_get_width(surface_));
  picture.height = static_cast<std::uint32_t>(cairo_image_surface_get_height(surface_));
  const int stride = cairo_image_surface_get_stride(surface_);
  picture.rgb.reserve(std::size_t{picture.width} * picture.height * 3);
  for (std::uint32_t y = 0; y < picture.height; ++y)
    for (std::uint32_t x = 0; x < picture.width; ++x) {
      std::uint32_t pixel = 0;
      std::memcpy(&pixel, data + static_cast<std::ptrdiff_t>(y) * stride + 4 * static_cast<std::ptrdiff_t>(x), 4);
      for (const int shift : {16, 8, 0}) picture.rgb.push_back(static_cast<std::uint8_t>(pixel >> shift));
    }
  return picture;
}

}  // namespace larmor::report

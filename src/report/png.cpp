#include <png.h>

#include "report/report.h"

namespace larmor::report {
namespace {

/// A third of the time of the usual level 6, for a tenth more bytes: a person waits for these.
constexpr int kCompression = 2;

struct Writer {
  png_structp png = nullptr;
  png_infop info = nullptr;
  std::string bytes, trouble;

  Writer() {
    png = png_create_write_struct(
        PNG_LIBPNG_VER_STRING, this,
        [](png_structp self, png_const_charp why) {
          static_cast<Writer*>(png_get_error_ptr(self))->trouble = why;
          png_longjmp(self, 1);
        },
        [](png_structp, png_const_charp) {});
    if (png) info = png_create_info_struct(png);
  }
  Writer(const Writer&) = delete;
  ~Writer() { png_destroy_write_struct(&png, &info); }
};

/// False with `trouble` set. Holds nothing that a jump out of it would leave behind.
bool write(Writer& w, const Picture& picture) {
  if (setjmp(png_jmpbuf(w.png))) return false;
  png_set_write_fn(
      w.png, &w.bytes,
      [](png_structp self, png_bytep data, std::size_t size) {
        static_cast<std::string*>(png_get_io_ptr(self))->append(reinterpret_cast<const char*>(data), size);
      },
      [](png_structp) {});
  png_set_IHDR(w.png, w.info, picture.width, picture.height, 8, PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
               PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  png_set_compression_level(w.png, kCompression);
  png_write_info(w.png, w.info);
  for (std::size_t y = 0; y < picture.height; ++y) png_write_row(w.png, picture.rgb.data() + y * picture.width * 3);
  png_write_end(w.png, nullptr);
  return true;
}

}  // namespace

Result<std::string> to_png(const Picture& picture) {
  if (picture.width == 0 || picture.height == 0 ||
      picture.rgb.size() != std::size_t{picture.width} * picture.height * 3)
    return fail(Code::invalid, "cannot make a PNG: {} bytes are no picture of {}x{} pixels", picture.rgb.size(),
                picture.width, picture.height);
  Writer writer;
  if (!writer.info) return fail(Code::internal, "cannot make a PNG: there is not enough memory");
  if (!write(writer, picture)) return fail(Code::internal, "cannot make a PNG: {}", writer.trouble);
  return std::move(writer.bytes);
}

}  // namespace larmor::report

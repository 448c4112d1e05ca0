#include "dicom/codec/render.h"

#include <dcmtk/dcmimage/diregist.h>
#include <dcmtk/dcmimgle/dcmimage.h>

#include "dicom/codec/data_set.h"

namespace larmor::dicom {
namespace {

constexpr int kSmooth = 1;  // DCMTK's interpolation that also averages where the picture becomes smaller

void choose_window(DicomImage& image, const std::optional<Window>& window) {
  if (!window) {
    if (image.getWindowCount() > 0 && image.setWindow(0)) return;
    if (image.getVoiLutCount() > 0 && image.setVoiLut(0)) return;
    image.setMinMaxWindow(0);
    return;
  }
  image.setVoiLutFunction(window->curve == Curve::sigmoid ? EFV_Sigmoid : EFV_Linear);
  // LINEAR is LINEAR_EXACT of a window that is one narrower and lies half a value lower (PS3.3 C.11.2.1.2 and 3.2).
  const double exact = window->curve == Curve::linear_exact ? 1 : 0;
  image.setWindow(window->center + exact / 2, window->width + exact);
}

/// The part that is shown, scaled to fit; null where that is the image as it is.
Result<std::unique_ptr<DicomImage>> scaled(const DicomImage& image, const View& view) {
  const auto columns = static_cast<int>(image.getWidth()), rows = static_cast<int>(image.getHeight());
  const int width = view.width ? std::abs(view.width) : columns - view.left;
  const int height = view.height ? std::abs(view.height) : rows - view.top;
  if (view.left < 0 || view.top < 0 || width < 1 || height < 1 || width > columns - view.left ||
      height > rows - view.top)
    return fail_with({Code::invalid, fmt::format("the image has {} x {} pixels only", columns, rows),
                      "Ask for a part that lies inside.", "viewport"});
  std::unique_ptr<DicomImage> part(image.createClippedImage(view.left, view.top, width, height));
  if (part && view.columns) {
    const double factor = std::min(double(view.columns) / width, double(view.rows) / height);
    const auto size = [&](int stored) { return std::max(1UL, static_cast<unsigned long>(stored * factor + 1e-6)); };
    part.reset(part->createScaledImage(size(width), size(height), kSmooth));
  }
  if (!part || part->getStatus() != EIS_Normal) return fail(Code::unsupported, "the image cannot be scaled");
  if ((view.width < 0 || view.height < 0) && !part->flipImage(view.width < 0, view.height < 0))
    return fail(Code::unsupported, "the image cannot be mirrored");
  return part;
}

Result<Picture> picture_of(DicomImage& image) {
  Picture picture{
      static_cast<int>(image.getWidth()), static_cast<int>(image.getHeight()), image.isMonochrome() ? 1 : 3, {}};
  picture.values.resize(std::size_t(picture.columns) * picture.rows * picture.samples);
  if (image.getOutputDataSize(8) != picture.values.size() ||
      !image.getOutputData(picture.values.data(), picture.values.size(), 8))
    return fail(Code::unsupported, "the image cannot be shown");
  return picture;
}

}  // namespace

Result<Picture> render(const Frame& frame, const View& view) {
  const auto file = TRY(read_frame(frame));
  DicomImage image(file->getDataset(), EXS_LittleEndianExplicit, 0UL, 0UL, 1UL);
  if (image.getStatus() != EIS_Normal)
    return fail(Code::unsupported, "the image cannot be shown: {}", DicomImage::getString(image.getStatus()));
  const bool whole = view.columns == 0 && view.left == 0 && view.top == 0 && view.width == 0 && view.height == 0;
  if (image.isMonochrome()) choose_window(image, view.window);  // of all values, whatever part is shown
  if (whole) return picture_of(image);
  return picture_of(*TRY(scaled(image, view)));
}

}  // namespace larmor::dicom

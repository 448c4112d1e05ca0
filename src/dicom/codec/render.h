#pragma once
/// A frame as a picture for people (PS3.18 8.3.5, PS3.3 C.11): rescaled, windowed, in grey or colour, scaled.
///
/// Failures: `corrupt`, and `unsupported` for pixels that cannot be decompressed or shown here.
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "dicom/codec/frame.h"

namespace larmor::dicom {

enum class Curve { linear, linear_exact, sigmoid };  ///< PS3.3 C.11.2.1.2 and C.11.2.1.3

struct Window {
  double center = 0, width = 1;  ///< of rescaled values
  Curve curve = Curve::linear;
};

struct View {
  std::optional<Window> window;  ///< otherwise the object's own, otherwise all values that occur
  int columns = 0, rows = 0;     ///< the picture fits into so many, in its proportions; 0: as it is stored
  int left = 0, top = 0;         ///< of the part that is shown
  int width = 0, height = 0;     ///< of that part; 0: up to the edge; negative: mirrored
};

struct Picture {
  int columns = 0, rows = 0;
  int samples = 1;                   ///< 1 grey, 3 red, green, blue
  std::vector<std::uint8_t> values;  ///< colour by pixel
};

/// `invalid` when the part lies outside of the image.
Result<Picture> render(const Frame&, const View&);

Result<std::string> to_png(const Picture&);
/// `quality`: 1 to 100.
Result<std::string> to_jpeg(const Picture&, int quality);

}  // namespace larmor::dicom

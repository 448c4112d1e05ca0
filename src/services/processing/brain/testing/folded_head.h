#pragma once
/// A small head without any symmetry: fluid around cortex around white matter around a ventricle, folded.
#include <cmath>

#include "services/processing/brain/change.h"

namespace larmor::processing::brain::testing {

struct FoldedHead {
  imaging::Volume<float> picture;
  imaging::Volume<std::uint8_t> labels;
  Scan scan() const { return {picture, labels}; }
};

/// 84 x 96 x 80 mm, with a T1's brightness; `fold`: mm a wave of the folds takes.
inline FoldedHead folded_head(double fold = 6) {
  imaging::Grid g{{84, 96, 80}, {}};
  FoldedHead out{imaging::Volume<float>(g), imaging::Volume<std::uint8_t>(g)};
  const auto step = [](double r, double at) { return 1 / (1 + std::exp((r - at) * 3)); };
  for (std::size_t a = 0; a < 84; ++a)
    for (std::size_t b = 0; b < 96; ++b)
      for (std::size_t c = 0; c < 80; ++c) {
        const double x = double(a) - 42, y = (double(b) - 48) * 0.87, z = double(c) - 40;
        const double wave = 1.5 * std::sin(x / fold + 1) * std::sin(y / 7) * std::cos(z / fold) + 0.04 * x;
        const double r = std::hypot(x, y, z) + wave, inner = std::hypot(x + 3, y, z - 2) + wave;
        out.labels(a, b, c) = std::uint8_t(inner < 9 ? 4 : r < 26 ? 2 : r < 31 ? 3 : r < 36 ? 24 : 0);
        out.picture(a, b, c) =
            float(0.05 + 0.15 * step(r, 36) + 0.45 * step(r, 31) + 0.35 * step(r, 26) - 0.75 * step(inner, 9));
      }
  return out;
}

}  // namespace larmor::processing::brain::testing

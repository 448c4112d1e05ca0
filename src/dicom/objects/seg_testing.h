#pragma once
/// For the tests of segmentations: a small oblique head with labels.
#include <cmath>

#include "dicom/objects/dicomize.h"
#include "dicom/objects/seg.h"
#include "dicom/objects/testing.h"

namespace larmor::dicom {

using Labels = imaging::Volume<std::uint8_t>;

inline imaging::Affine oblique(double degrees) {
  const double c = std::cos(degrees * M_PI / 180), s = std::sin(degrees * M_PI / 180);
  return imaging::Affine{{{{0, -1.1 * s, 0.9 * c, -7}, {0, 1.1 * c, 0.9 * s, 3}, {2.0, 0, 0, 11}}}};
}

struct Case {
  Scratch scratch;
  SourceSeries source;
  Labels labels;
};

constexpr imaging::Shape kOddShape{6, 7, 9};      ///< bits of a frame would begin inside a byte
constexpr imaging::Shape kAlignedShape{4, 6, 8};  ///< in every plane a frame is a whole number of bytes

/// A head with a few structures, one of them on two slices only.
inline std::unique_ptr<Case> make_case(ViewPlane plane = ViewPlane::axial, double degrees = 20,
                                       imaging::Shape shape = kOddShape) {
  imaging::Volume<float> head(imaging::Grid{shape, oblique(degrees)});
  for (std::size_t i = 0; i < head.size(); ++i) head.voxels[i] = static_cast<float>(i % 251);
  DicomizeOptions options;
  options.plane = plane;
  auto made = std::make_unique<Case>();
  made->source = describe(made->scratch, *dicomize(head, options));
  made->labels = Labels(imaging::Grid{{made->source.slices.size(), made->source.rows, made->source.columns}, {}});
  for (std::size_t i = 0; i < made->labels.size(); ++i) made->labels.voxels[i] = i % 3 == 0 ? 17 : i % 5 == 0 ? 53 : 0;
  const auto area = made->source.rows * made->source.columns;
  made->labels.voxels[area * 1 + 4] = 16;
  made->labels.voxels[area * 3 + 5] = 16;
  return made;
}

}  // namespace larmor::dicom

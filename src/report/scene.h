#pragma once
/// What pictures are cut from: the head and its labels on one upright grid of about 1 mm.
///
/// Immutable after make(); may be shared between threads.
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "imaging/volume.h"

namespace larmor::report {

enum class Plane { axial, coronal, sagittal };
std::string_view name(Plane);

/// RGB, rows from the top, no padding.
struct Picture {
  std::uint32_t width = 0, height = 0;
  std::vector<std::uint8_t> rgb;
};

/// A cut as the viewer sees it: rows from the top; the patient's left on the right, in sagittal cuts the face on the
/// left.
struct Slice {
  int width = 0, height = 0;
  double mm_x = 1, mm_y = 1;  ///< size of a pixel
  std::vector<float> grey;    ///< 0 black to 1 white
  std::vector<std::uint8_t> labels;
  std::vector<float> change;  ///< percent since an earlier scan; empty where the scene has none
};

/// Voxel ranges [low, high) to the right, the front and the top; may reach beyond the volume, which is black there.
struct Window {
  std::array<int, 3> low{}, high{};
};

/// A single voxel's change is mostly noise: pictures show it averaged within tissue and within ventricles by a Gaussian
/// of this width (full width at half maximum).
inline constexpr double kChangeBlurMm = 8;

/// Greys from 0 to 1 for the eye: black is the air, white the brightest of the labelled brain; what fat and vessels
/// have beyond that is cut off. Both have one grid; some voxel has a label.
void stretch(imaging::Volume<float>& image, const imaging::Volume<std::uint8_t>& labels);

class Scene {
 public:
  /// All volumes have one grid. `change` is in percent since an earlier scan, null where there is none. `invalid` if
  /// the grids differ, or if no voxel has a label.
  static Result<Scene> make(const imaging::Volume<float>& image, const imaging::Volume<std::uint8_t>& labels,
                            const imaging::Volume<float>* change = nullptr);

  bool has_change() const { return change_.size() > 0; }

  /// The labelled part of the head with a margin.
  Window around_brain(double margin_mm) const;
  Slice cut(Plane, int index, const Window&) const;
  /// The slice that shows most of what a reader looks for: deep grey matter, hippocampi, brainstem.
  int telling(Plane) const;
  /// `count` slices at even steps through the labelled part.
  std::vector<int> spread(Plane, int count) const;
  /// Millimetres to the right, the front or the top of the world's origin, for a label under a picture.
  double position_mm(Plane, int index) const;

 private:
  imaging::Volume<float> image_;  ///< 0 to 1
  imaging::Volume<std::uint8_t> labels_;
  imaging::Volume<float> change_;  ///< empty: none
  Window brain_;
};

}  // namespace larmor::report

#pragma once
/// Affine maps of space, mostly from voxel indices to millimetres in the patient (RAS+: right, anterior, superior).
///
/// Plain values. `inverse` of a map that flattens space gives no value; nothing else can fail.
#include <array>
#include <optional>

namespace larmor::imaging {

using Point = std::array<double, 3>;

/// Rows of a 3x4 matrix; the fourth row is (0 0 0 1) by definition.
struct Affine {
  std::array<std::array<double, 4>, 3> rows{{{1, 0, 0, 0}, {0, 1, 0, 0}, {0, 0, 1, 0}}};

  Point operator()(const Point&) const;
  /// The i-th column: where a step along index i leads, or the origin (i = 3).
  Point column(int i) const { return {rows[0][i], rows[1][i], rows[2][i]}; }
  void set_column(int i, const Point&);
  double determinant() const;
  bool operator==(const Affine&) const = default;
};

/// first, then second: (second * first)(p) = second(first(p)).
Affine operator*(const Affine& second, const Affine& first);
std::optional<Affine> inverse(const Affine&);
/// All twelve numbers are finite and space keeps a volume.
bool is_usable(const Affine&);

double length(const Point&);
double dot(const Point&, const Point&);
Point cross(const Point&, const Point&);
/// Millimetres between neighbouring voxels along each index.
Point spacing(const Affine&);
/// Turns DICOM's LPS+ into RAS+ and back: x and y change sign.
Point flip_xy(const Point&);

}  // namespace larmor::imaging

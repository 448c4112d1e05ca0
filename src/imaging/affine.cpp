#include "imaging/affine.h"

#include <cmath>

namespace larmor::imaging {

Point Affine::operator()(const Point& p) const {
  Point out{};
  for (int r = 0; r < 3; ++r) out[r] = rows[r][0] * p[0] + rows[r][1] * p[1] + rows[r][2] * p[2] + rows[r][3];
  return out;
}

void Affine::set_column(int i, const Point& p) {
  for (int r = 0; r < 3; ++r) rows[r][i] = p[r];
}

double Affine::determinant() const {
  return dot(cross(column(0), column(1)), column(2));
}

Affine operator*(const Affine& second, const Affine& first) {
  Affine out;
  for (int r = 0; r < 3; ++r) {
    for (int c = 0; c < 4; ++c) {
      out.rows[r][c] = c == 3 ? second.rows[r][3] : 0;
      for (int k = 0; k < 3; ++k) out.rows[r][c] += second.rows[r][k] * first.rows[k][c];
    }
  }
  return out;
}

std::optional<Affine> inverse(const Affine& a) {
  const double det = a.determinant();
  if (!std::isfinite(det) || det == 0) return std::nullopt;
  const auto x = cross(a.column(1), a.column(2)), y = cross(a.column(2), a.column(0)),
             z = cross(a.column(0), a.column(1));
  Affine out;
  for (int c = 0; c < 3; ++c) {
    out.rows[0][c] = x[c] / det;
    out.rows[1][c] = y[c] / det;
    out.rows[2][c] = z[c] / det;
  }
  const auto origin = a.column(3);
  for (auto& row : out.rows) row[3] = -(row[0] * origin[0] + row[1] * origin[1] + row[2] * origin[2]);
  return out;
}

bool is_usable(const Affine& a) {
  for (const auto& row : a.rows)
    for (const double v : row)
      if (!std::isfinite(v)) return false;
  const auto s = spacing(a);
  // Directions that nearly coincide leave a sheet, not a volume.
  return std::abs(a.determinant()) > 1e-3 * s[0] * s[1] * s[2] && s[0] > 0 && s[1] > 0 && s[2] > 0;
}

double length(const Point& p) {
  return std::sqrt(dot(p, p));
}
double dot(const Point& a, const Point& b) {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}
Point cross(const Point& a, const Point& b) {
  return {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
}
Point spacing(const Affine& a) {
  return {length(a.column(0)), length(a.column(1)), length(a.column(2))};
}
Point flip_xy(const Point& p) {
  return {-p[0], -p[1], p[2]};
}

}  // namespace larmor::imaging

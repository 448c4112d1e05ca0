#pragma once
/// A three-dimensional image: voxels in one block of memory, the last index fastest, and where they lie in the patient.
///
/// Index order is free: the affine says what an index means. A DICOM series is (slice, row, column), a NIfTI file
/// (k, j, i), the network's grid (right, anterior, superior): each in its own memory order, without a copy.
#include <cstddef>
#include <cstdint>
#include <vector>

#include "imaging/affine.h"

namespace larmor::imaging {

using Shape = std::array<std::size_t, 3>;

inline std::size_t count(const Shape& s) {
  return s[0] * s[1] * s[2];
}

/// No image beyond this: 1024 voxels cubed would be 4 GiB as float, more than any pipeline is given.
inline constexpr std::size_t kMostVoxels = std::size_t{1} << 28;

/// Shape and place of a volume, without the voxels.
struct Grid {
  Shape shape{};
  Affine to_world;  ///< (a, b, c) indices -> mm, RAS+; whole numbers are voxel centres
};

template <class T>
struct Volume {
  Grid grid;
  std::vector<T> voxels;

  Volume() = default;
  explicit Volume(const Grid& g, T fill = T{}) : grid(g), voxels(count(g.shape), fill) {}

  const Shape& shape() const { return grid.shape; }
  std::size_t size() const { return voxels.size(); }
  std::size_t index(std::size_t a, std::size_t b, std::size_t c) const {
    return (a * grid.shape[1] + b) * grid.shape[2] + c;
  }
  T& operator()(std::size_t a, std::size_t b, std::size_t c) { return voxels[index(a, b, c)]; }
  const T& operator()(std::size_t a, std::size_t b, std::size_t c) const { return voxels[index(a, b, c)]; }
};

/// Millilitres of one voxel.
double voxel_ml(const Grid&);

}  // namespace larmor::imaging

#pragma once
/// The outlines of labels in a slice as smooth closed curves. Pure; coordinates are pixels, whole numbers at pixel
/// corners.
#include <cstdint>
#include <span>
#include <vector>

namespace larmor::report {

struct Spot {
  double x = 0, y = 0;
};
using Loop = std::vector<Spot>;  ///< closed: the last spot joins the first

/// Every boundary of the pixels that equal `id`, holes included.
std::vector<Loop> outline(std::span<const std::uint8_t> labels, int width, int height, int id);

}  // namespace larmor::report

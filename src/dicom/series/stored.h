#pragma once
/// Stored values: the bits of one pixel within its cell, and what they count (PS3.3 C.7.6.3.1, PS3.5 section 8).
#include <cstdint>
#include <optional>
#include <span>

namespace larmor::dicom {

struct StoredBits {
  unsigned allocated = 16, stored = 16, high = 15;
  bool is_signed = false;
  std::optional<std::int32_t> padding;

  /// A layout that the standard allows and that fits a cell of 8 or 16 bits.
  bool valid() const {
    return (allocated == 8 || allocated == 16) && stored >= 1 && stored <= allocated && high < allocated &&
           high + 1 >= stored;
  }
  std::int32_t value(std::uint32_t cell) const {
    const std::uint32_t mask = (1u << stored) - 1;
    std::uint32_t v = (cell >> (high + 1 - stored)) & mask;
    if (is_signed && (v >> (stored - 1))) v |= ~mask;
    return static_cast<std::int32_t>(v);
  }
};

}  // namespace larmor::dicom

#pragma once
/// The 348 bytes in front of a NIfTI-1 file, as far as Larmor uses them.
#include <array>
#include <cstdint>
#include <string>

#include "base/bytes.h"
#include "imaging/volume.h"

namespace larmor::imaging::nifti {

inline constexpr std::size_t kHeaderBytes = 348;

/// One row per data type of the standard that holds one real number.
struct TypeRow {
  int code;
  std::size_t bytes;
  float (*value)(const std::byte*, bool swapped);
};
/// Null for types that are not one real number a voxel (complex, colour, 128-bit).
const TypeRow* type_row(int code);

struct Header {
  Grid grid;  ///< (k, j, i)
  bool orientation_known = true;
  const TypeRow* type = nullptr;
  bool swapped = false;  ///< the file's byte order is not this machine's
  std::size_t data_offset = 352;
  double slope = 1, intercept = 0;
  std::string description;  ///< any text, at most 79 bytes
};

Result<Header> parse_header(std::span<const std::byte, kHeaderBytes>);
/// Header and four bytes of "no extension", for data of the type `code` at offset 352. A longer description is cut.
std::string header_bytes(const Grid&, int code, std::string_view description = {});

}  // namespace larmor::imaging::nifti

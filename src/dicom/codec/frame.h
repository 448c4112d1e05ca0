#pragma once
/// One frame of a stored object, as it is stored.
#include <vector>

#include "base/bytes.h"

namespace larmor::dicom {

struct Frame {
  std::vector<std::byte> head;    ///< the Part 10 file up to its pixel data
  std::vector<std::byte> pixels;  ///< of this frame alone; compressed where `encapsulated`
  bool encapsulated = false;
  std::size_t number = 0;  ///< from 0
};

}  // namespace larmor::dicom

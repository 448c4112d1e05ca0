#pragma once
/// A header as the DICOM JSON model (PS3.18 annex F), written straight from its bytes: many times quicker than by a
/// parser that makes an object of each element.
///
/// Threads: any. Failures: none. Little endian, explicit or implicit, is written here; what is damaged or unusual (big
/// endian, deflated, sequences that hide in UN, elements out of order, numbers that are none) gives nothing, and the
/// caller asks a patient parser.
#include <optional>
#include <string>

#include "dicom/data/scan.h"

namespace larmor::dicom {

struct HeaderJson {
  std::string text;  ///< UTF-8, whatever the object's character set
  bool image = false;
  int bits = 16;      ///< (0028,0100), of an image
  bool real = false;  ///< its pixels are real numbers: it has no Pixel Representation (PS3.3 C.7.6.24)
};

/// Of the data set in `head`, up to its pixel data; `scanned` is its header. Values of more than 64 KiB that are no
/// text, and all of group 7FE0 within items, become references: `bulk` and the way to them, "00880200.1.7FE00010".
std::optional<HeaderJson> header_json(Bytes head, const Header& scanned, std::string_view bulk);

}  // namespace larmor::dicom

#include "dicom/web/compressions.h"

#include <algorithm>
#include <array>

namespace larmor::dicom {
namespace {

struct Compression {
  std::string_view syntax, media_type;
};
/// The first of each media type is its usual one.
constexpr std::array kCompressions = {
    Compression{"1.2.840.10008.1.2.4.70", "image/jpeg"},  Compression{"1.2.840.10008.1.2.4.50", "image/jpeg"},
    Compression{"1.2.840.10008.1.2.4.51", "image/jpeg"},  Compression{"1.2.840.10008.1.2.4.57", "image/jpeg"},
    Compression{"1.2.840.10008.1.2.4.80", "image/jls"},   Compression{"1.2.840.10008.1.2.4.81", "image/jls"},
    Compression{"1.2.840.10008.1.2.4.90", "image/jp2"},   Compression{"1.2.840.10008.1.2.4.91", "image/jp2"},
    Compression{"1.2.840.10008.1.2.4.92", "image/jpx"},   Compression{"1.2.840.10008.1.2.4.93", "image/jpx"},
    Compression{"1.2.840.10008.1.2.4.201", "image/jphc"}, Compression{"1.2.840.10008.1.2.4.202", "image/jphc"},
    Compression{"1.2.840.10008.1.2.4.203", "image/jphc"}, Compression{"1.2.840.10008.1.2.5", "image/dicom-rle"},
};

}  // namespace

std::string_view media_type_of(std::string_view syntax) {
  const auto* row =
      std::find_if(kCompressions.begin(), kCompressions.end(), [&](const auto& c) { return c.syntax == syntax; });
  return row == kCompressions.end() ? kBytes : row->media_type;
}

std::string_view usual_syntax(std::string_view media_type) {
  const auto* row = std::find_if(kCompressions.begin(), kCompressions.end(),
                                 [&](const auto& c) { return c.media_type == media_type; });
  return row == kCompressions.end() ? "" : row->syntax;
}

Result<std::string_view> syntax_of_jpeg(Bytes front) {
  const auto byte = [&](std::size_t at) { return at < front.size() ? std::to_integer<unsigned>(front[at]) : 0u; };
  bool lossless = false;
  for (std::size_t at = 2; byte(0) == 0xFF && byte(1) == 0xD8 && byte(at) == 0xFF;) {
    const auto marker = byte(at + 1), length = byte(at + 2) << 8 | byte(at + 3);
    if (marker == 0xC0) return "1.2.840.10008.1.2.4.50";
    if (marker == 0xC1) return "1.2.840.10008.1.2.4.51";
    if (marker == 0xC3) lossless = true;
    const bool tables = marker == 0xC4 || marker == 0xC8 || marker == 0xCC;
    if (marker >= 0xC2 && marker <= 0xCF && !tables && !lossless)
      return fail(Code::unsupported, "a JPEG of process SOF{} has no transfer syntax", marker - 0xC0);
    // A scan's header ends with the predictor, behind two bytes for each of its components.
    if (marker == 0xDA && lossless)
      return byte(at + 5 + 2 * byte(at + 4)) == 1 ? "1.2.840.10008.1.2.4.70" : "1.2.840.10008.1.2.4.57";
    at += 2 + std::max(length, 2u);
  }
  return fail(Code::corrupt, "it is no JPEG");
}

}  // namespace larmor::dicom

#include "dicom/data/json_text.h"

namespace larmor::dicom {

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\')
      out += {'\\', c};
    else if (static_cast<unsigned char>(c) < 0x20)
      out += fmt::format("\\u{:04x}", static_cast<int>(c));
    else
      out += c;
  }
  out += '"';
}

void append_hex(std::string& out, std::uint32_t number) {
  for (int shift = 28; shift >= 0; shift -= 4) out += "0123456789ABCDEF"[number >> shift & 15];
}

}  // namespace larmor::dicom

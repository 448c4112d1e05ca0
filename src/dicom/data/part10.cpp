#include "dicom/data/part10.h"

namespace larmor::dicom {
namespace {

void append_u16(std::string& out, std::size_t value) {
  out += static_cast<char>(value & 0xFF);
  out += static_cast<char>(value >> 8 & 0xFF);
}

void append_head(std::string& out, std::uint16_t element, std::string_view vr) {
  append_u16(out, 0x0002);
  append_u16(out, element);
  out += vr;
}

/// Values have an even length: UIDs are padded with a zero, text with a blank (PS3.5 section 6.2).
void append(std::string& out, std::uint16_t element, std::string_view vr, std::string_view value) {
  value = value.substr(0, vr == "UI" ? 64 : 16);
  append_head(out, element, vr);
  append_u16(out, value.size() + value.size() % 2);
  out += value;
  if (value.size() % 2) out += vr == "UI" ? '\0' : ' ';
}

}  // namespace

std::string part10_front(const SopClassUid& sop_class, const SopUid& instance, const TransferSyntaxUid& transfer_syntax,
                         const AeTitle& source) {
  std::string meta;
  append_head(meta, 0x0001, "OB");
  meta += std::string("\0\0\2\0\0\0\0\1", 8);  // two reserved bytes, a length of 2, version 00 01
  append(meta, 0x0002, "UI", sop_class.str());
  append(meta, 0x0003, "UI", instance.str());
  append(meta, 0x0010, "UI", transfer_syntax.str());
  append(meta, 0x0012, "UI", kImplementationClassUid);
  append(meta, 0x0013, "SH", kImplementationVersion);
  if (!source.empty()) append(meta, 0x0016, "AE", source.str());

  std::string front(128, '\0');
  front += "DICM";
  append_head(front, 0x0000, "UL");
  append_u16(front, 4);
  append_u16(front, meta.size());
  append_u16(front, 0);
  return front + meta;
}

}  // namespace larmor::dicom

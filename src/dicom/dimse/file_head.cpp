#include "dicom/dimse/file_head.h"

namespace larmor::dimse {
namespace {

constexpr std::size_t kLargestMeta = 1 << 20;

std::size_t get(std::string_view bytes, std::size_t at, int size) {
  std::size_t value = 0;
  for (int i = size; i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[at + static_cast<std::size_t>(i)]);
  return value;
}

Result<std::string> read_exactly(ByteSource& source, std::size_t size) {
  std::string bytes(size, '\0');
  std::size_t have = 0;
  while (have < size) {
    const auto got = TRY(source.read(std::as_writable_bytes(std::span(bytes)).subspan(have)));
    if (got == 0) return fail(Code::corrupt, "it ends after {} bytes of its head", have);
    have += got;
  }
  return bytes;
}

std::string text_of(std::string_view value) {
  while (!value.empty() && (value.back() == '\0' || value.back() == ' ')) value.remove_suffix(1);
  return std::string(value);
}

}  // namespace

Result<FileMeta> read_file_head(ByteSource& source) {
  const auto front = TRY(read_exactly(source, 132 + 12));
  if (front.compare(128, 4, "DICM") != 0) return fail(Code::corrupt, "it is no DICOM file: no DICM at byte 128");
  if (get(front, 132, 2) != 2 || get(front, 134, 2) != 0 || front.compare(136, 2, "UL") != 0)
    return fail(Code::corrupt, "its file meta information does not begin with its length");
  const auto length = get(front, 140, 4);
  if (length > kLargestMeta) return fail(Code::corrupt, "its file meta information claims {} bytes", length);
  const auto group = TRY(read_exactly(source, length));
  FileMeta meta;
  for (std::size_t at = 0; at + 8 <= group.size();) {
    const auto element = get(group, at + 2, 2);
    const auto vr = std::string_view(group).substr(at + 4, 2);
    const bool wide = vr == "OB" || vr == "OW" || vr == "UN" || vr == "SQ" || vr == "UT";
    if (wide && at + 12 > group.size()) break;
    const auto size = wide ? get(group, at + 8, 4) : get(group, at + 6, 2);
    at += wide ? 12 : 8;
    if (size > group.size() - at)
      return fail(Code::corrupt, "element (0002,{:04X}) runs over its group's end", element);
    const auto value = text_of(std::string_view(group).substr(at, size));
    if (element == 0x0002) meta.sop_class = SopClassUid(value);
    if (element == 0x0003) meta.instance = SopUid(value);
    if (element == 0x0010) meta.transfer_syntax = TransferSyntaxUid(value);
    if (element == 0x0016) meta.source = value;
    at += size;
  }
  if (meta.transfer_syntax.empty()) return fail(Code::corrupt, "its file meta information names no transfer syntax");
  return meta;
}

Result<std::size_t> ChainedSource::read(MutableBytes into) {
  while (at_ < sources_.size()) {
    const auto got = TRY(sources_[at_]->read(into));
    if (got > 0) return got;
    ++at_;
  }
  return std::size_t{0};
}

}  // namespace larmor::dimse

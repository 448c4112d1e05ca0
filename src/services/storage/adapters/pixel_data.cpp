#include "services/storage/adapters/pixel_data.h"

#include "services/storage/adapters/head.h"

namespace larmor::storage {
namespace {

using dicom::Tag;

constexpr std::size_t kLongestTable = std::size_t{16} << 20;
constexpr std::uint32_t kUndefined = 0xFFFFFFFF;
constexpr Tag kItem = 0xFFFEE000, kSequenceEnd = 0xFFFEE0DD;
constexpr Tag kSamples = 0x00280002, kRows = 0x00280010, kColumns = 0x00280011, kBitsAllocated = 0x00280100;
constexpr std::array kWanted = {kSamples, kRows, kColumns, kBitsAllocated};
constexpr std::string_view kBigEndian = "1.2.840.10008.1.2.2";

struct Element {
  Tag tag = 0;
  std::uint32_t length = 0;
  std::uint64_t value_at = 0;
};

struct Shape {
  std::uint64_t frame_bits = 0;
  std::uint64_t frames = 1;
};

/// Reads element heads in the pixel data's group.
class Reader {
 public:
  Reader(Object& object, bool big) : object_(object), big_(big) {}

  Result<Element> head(std::uint64_t at) {
    std::array<std::byte, 12> bytes;
    if (TRY(object_.read_at(at, bytes)) < 8) return fail(Code::corrupt, "the file ends within its pixel data");
    const auto letter = [&](int i) { return bytes[i] >= std::byte{'A'} && bytes[i] <= std::byte{'Z'}; };
    const auto tag = static_cast<Tag>(number(bytes, 0, 2)) << 16 | number(bytes, 2, 2);
    if (tag >> 16 == 0xFFFE || !letter(4) || !letter(5)) return Element{tag, number(bytes, 4, 4), at + 8};
    // OB, OW, OF, OD, OV have 32 bits of length; the group's own length, a UL, has 16 (PS3.5 7.1.2).
    if (bytes[4] == std::byte{'O'}) return Element{tag, number(bytes, 8, 4), at + 12};
    return Element{tag, number(bytes, 6, 2), at + 8};
  }

  /// A basic offset table.
  Result<std::vector<std::uint64_t>> offsets(const Element& e) {
    if (e.length > kLongestTable) return fail(Code::corrupt, "a table of {} bytes cannot hold offsets", e.length);
    std::vector<std::byte> bytes(e.length);
    if (TRY(object_.read_at(e.value_at, bytes)) < bytes.size()) return fail(Code::corrupt, "the offset table is cut");
    std::vector<std::uint64_t> offsets;
    for (std::size_t i = 0; i + 4 <= bytes.size(); i += 4) offsets.push_back(number(bytes, i, 4));
    return offsets;
  }

 private:
  std::uint32_t number(Bytes bytes, std::size_t from, std::size_t size) const {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < size; ++i)
      value = value << 8 | std::to_integer<std::uint32_t>(bytes[big_ ? from + i : from + size - 1 - i]);
    return value;
  }

  Object& object_;
  bool big_;
};

std::vector<net::ByteRange> join(std::span<const net::ByteRange> fragments) {
  return {fragments.begin(), fragments.end()};
}

Result<PixelData> native(const Element& e, const Shape& shape, std::uint64_t size) {
  PixelData out;
  if (e.length > size - std::min(size, e.value_at)) return fail(Code::corrupt, "the file ends within its pixel data");
  if (shape.frame_bits == 0) return fail(Code::corrupt, "the header does not say how large a frame is");
  if (shape.frames > 1 && shape.frame_bits % 8 != 0)
    return fail_with({Code::unsupported, "the frames of this object begin inside a byte",
                      "Retrieve the whole instance or its bulk data."});
  const auto bytes = (shape.frame_bits + 7) / 8;
  if (shape.frames > e.length / bytes)
    return fail(Code::corrupt, "{} frames of {} bytes are more than the {} bytes of pixel data", shape.frames, bytes,
                e.length);
  for (std::uint64_t i = 0; i < shape.frames; ++i) out.frames.push_back({{e.value_at + i * bytes, bytes}});
  return out;
}

/// PS3.5 A.4: one fragment for each frame, or all for the only one, or as the offset table says.
Result<PixelData> encapsulated(Reader& reader, const Element& e, std::uint64_t frames) {
  const auto table = TRY(reader.head(e.value_at));
  if (table.tag != kItem) return fail(Code::corrupt, "the pixel data has no offset table");
  const auto offsets = TRY(reader.offsets(table));
  const auto first = table.value_at + table.length;
  std::vector<net::ByteRange> fragments;
  for (auto at = first;;) {
    const auto item = TRY(reader.head(at));
    if (item.tag == kSequenceEnd) break;
    if (item.tag != kItem || item.length == kUndefined)
      return fail(Code::corrupt, "the pixel data has a broken fragment");
    fragments.push_back({item.value_at, item.length});
    at = item.value_at + item.length;
  }
  PixelData out{true, {}};
  const std::span all(fragments);
  if (frames == 1) {
    out.frames.push_back(join(all));
  } else if (fragments.size() == frames) {
    for (const auto& fragment : fragments) out.frames.push_back({fragment});
  } else if (offsets.size() == frames) {
    for (std::size_t frame = 0, from = 0; frame < frames; ++frame) {
      auto to = from;
      const auto end = frame + 1 < frames ? first + offsets[frame + 1] : UINT64_MAX;
      while (to < all.size() && all[to].first - 8 < end) ++to;
      out.frames.push_back(join(all.subspan(from, to - from)));
      from = to;
    }
  } else {
    return fail(Code::corrupt, "{} fragments and {} offsets do not tell where {} frames begin", fragments.size(),
                offsets.size(), frames);
  }
  return out;
}

}  // namespace

Result<PixelData> pixel_data(Object& object, const InstanceRow& row) {
  const auto head = TRY(read_head(object, kWanted));
  const auto& header = head.header;
  if (header.end == dicom::End::data_set) return fail(Code::not_found, "object {} has no pixel data", row.instance);
  if (header.end != dicom::End::pixel_data) return fail(Code::corrupt, "{}", header.remark);
  const auto number = [&](Tag tag) { return std::uint64_t{header.short_number(tag).value_or(0)}; };
  const Shape shape{
      number(kRows) * number(kColumns) * number(kBitsAllocated) * header.short_number(kSamples).value_or(1),
      static_cast<std::uint64_t>(std::max<std::int64_t>(row.frames, 1))};
  Reader reader(object, row.transfer_syntax.str() == kBigEndian);
  for (auto at = header.pixels_at; at + 8 <= object.size();) {
    const auto e = TRY(reader.head(at));
    if (e.tag >> 16 != 0x7FE0) break;
    if (e.length == kUndefined) return encapsulated(reader, e, shape.frames);
    if (e.tag >= 0x7FE00008) return native(e, shape, object.size());
    at = e.value_at + e.length;  // extended offset table: each of its frames is one fragment
  }
  return fail(Code::not_found, "object {} has no pixel data", row.instance);
}

}  // namespace larmor::storage

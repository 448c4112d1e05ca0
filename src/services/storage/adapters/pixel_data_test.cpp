#include "services/storage/adapters/pixel_data.h"

#include <gmock/gmock.h>

#include "dicom/data/part10.h"

namespace larmor::storage {
namespace {

using namespace std::string_literals;

class InMemory final : public Object {
 public:
  explicit InMemory(std::string bytes) : bytes_(std::move(bytes)) {}
  std::uint64_t size() const override { return bytes_.size(); }
  Result<std::size_t> read_at(std::uint64_t offset, MutableBytes into) override {
    const auto count = std::min<std::uint64_t>(into.size(), bytes_.size() - std::min(offset, size()));
    std::memcpy(into.data(), bytes_.data() + offset, count);
    return count;
  }

 private:
  std::string bytes_;
};

std::string number(std::uint32_t value, int size) {
  std::string out;
  for (int i = 0; i < size; ++i) out += static_cast<char>(value >> (8 * i) & 0xFF);
  return out;
}

std::string item(std::uint16_t element, std::string_view content) {
  return "\xFE\xFF"s + number(element, 2) + number(static_cast<std::uint32_t>(content.size()), 4) +
         std::string(content);
}

/// An image of 2 rows and 3 columns, 8 bits, with these bytes from its pixel data on.
std::string image(const std::string& pixels) {
  const auto us = [](std::uint16_t element, std::uint16_t value) {
    return "\x28\0"s + number(element, 2) + "US\2\0"s + number(value, 2);
  };
  return dicom::part10_front(SopClassUid("1.2"), SopUid("1.3"), TransferSyntaxUid("1.2.840.10008.1.2.1"), AeTitle()) +
         us(0x02, 1) + us(0x10, 2) + us(0x11, 3) + us(0x100, 8) + pixels;
}

std::string native(std::string_view pixels) {
  return "\xE0\x7F\x10\0OB\0\0"s + number(static_cast<std::uint32_t>(pixels.size()), 4) + std::string(pixels);
}

std::string fragments(std::string_view table, const std::vector<std::string>& contents) {
  auto out = "\xE0\x7F\x10\0OB\0\0\xFF\xFF\xFF\xFF"s + item(0xE000, table);
  for (const auto& one : contents) out += item(0xE000, one);
  return out + item(0xE0DD, "");
}

/// Each frame's bytes, joined; or the reason why not.
std::vector<std::string> frames(const std::string& pixels, std::int64_t count) {
  InMemory object(image(pixels));
  InstanceRow row;
  row.transfer_syntax = TransferSyntaxUid("1.2.840.10008.1.2.1");
  row.frames = count;
  const auto found = pixel_data(object, row);
  if (!found) return {std::string(larmor::row(found.error().code).name)};
  std::vector<std::string> all;
  for (const auto& frame : found->frames) {
    auto& bytes = all.emplace_back();
    for (const auto& range : frame) {
      std::string piece(range.count, '?');
      EXPECT_EQ(object.read_at(range.first, std::as_writable_bytes(std::span(piece))).value(), range.count);
      bytes += piece;
    }
  }
  return all;
}

using ::testing::ElementsAre;

TEST(PixelData, LiesFrameBehindFrameWhereItIsNotCompressed) {
  EXPECT_THAT(frames(native("abcdef"), 1), ElementsAre("abcdef"));
  EXPECT_THAT(frames(native("abcdefghijkl"), 2), ElementsAre("abcdef", "ghijkl"));
  EXPECT_THAT(frames(native("abcdef"), 2), ElementsAre("corrupt"));
  EXPECT_THAT(frames(native("abcdef").substr(0, 14), 1), ElementsAre("corrupt"));
  EXPECT_THAT(frames("", 1), ElementsAre("not_found"));
}

TEST(PixelData, LiesInFragmentsWhereItIsCompressed) {
  EXPECT_THAT(frames(fragments("", {"ab", "cd"}), 1), ElementsAre("abcd"));
  EXPECT_THAT(frames(fragments("", {"ab", "cd"}), 2), ElementsAre("ab", "cd"));
  EXPECT_THAT(frames(fragments(number(0, 4) + number(20, 4), {"ab", "cd", "efgh"}), 2), ElementsAre("abcd", "efgh"));
  EXPECT_THAT(frames(fragments("", {"ab", "cd", "ef"}), 2), ElementsAre("corrupt"));
  EXPECT_THAT(frames(fragments("", {"ab"}).substr(0, 22), 1), ElementsAre("corrupt"));
}

}  // namespace
}  // namespace larmor::storage

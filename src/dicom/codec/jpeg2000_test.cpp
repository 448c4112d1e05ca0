#include "dicom/codec/jpeg2000.h"

#include <gtest/gtest.h>

#include "dicom/codec/testing/htj2k.h"

namespace larmor::dicom {
namespace {

/// A ramp over all values that fit. (Noise in a tiny image overflows OpenJPEG's own buffer, and is refused.)
std::vector<std::uint16_t> cells_of(const Jpeg2000Layout& layout) {
  std::vector<std::uint16_t> cells(std::size_t{layout.rows} * layout.columns * layout.samples);
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const auto value = static_cast<std::uint32_t>((i << layout.bits) / cells.size());
    const bool negative = layout.is_signed && value >> (layout.bits - 1);
    cells[i] = static_cast<std::uint16_t>(negative ? value | ~0u << layout.bits : value);
  }
  return cells;
}

TEST(Jpeg2000, GivesBackWhatItWasGiven) {
  for (const std::uint32_t bits : {1, 8, 12, 16})
    for (const bool is_signed : {false, true})
      for (const std::uint32_t samples : {1, 3})
        for (const auto& [rows, columns] : {std::pair{1u, 1u}, {2u, 300u}, {7u, 5u}, {64u, 65u}}) {
          const Jpeg2000Layout layout{rows, columns, samples, bits, is_signed};
          const auto cells = cells_of(layout);
          const auto stream = encode_jpeg2000(cells, layout);
          ASSERT_TRUE(stream) << to_string(stream.error());
          const auto back = decode_jpeg2000(as_bytes(*stream), rows, columns, samples);
          ASSERT_TRUE(back) << to_string(back.error());
          EXPECT_TRUE(*back == cells) << bits << (is_signed ? " signed, " : " unsigned, ") << samples << " samples, "
                                      << rows << " x " << columns;
        }
}

TEST(Jpeg2000, ReadsTheHighThroughputKind) {
  const auto read = [](std::string_view stream, const Jpeg2000Layout& layout) {
    const auto bytes = testing::bytes_of(stream);
    auto cells = decode_jpeg2000(as_bytes(bytes), 12, 16, layout.samples);
    EXPECT_TRUE(cells) << to_string(cells.error());
    return cells ? *cells : std::vector<std::uint16_t>();
  };
  for (const auto& [stream, layout] : {std::pair{testing::kGrey12, Jpeg2000Layout{12, 16, 1, 12, false}},
                                       {testing::kColour8, Jpeg2000Layout{12, 16, 3, 8, false}}})
    EXPECT_EQ(read(stream, layout), cells_of(layout));
  auto from_least = cells_of({12, 16, 1, 16, false});
  for (auto& cell : from_least) cell ^= 0x8000;  // the ramp begins at -32768
  EXPECT_EQ(read(testing::kSigned16, {12, 16, 1, 16, true}), from_least);
}

TEST(Jpeg2000, RefusesAStreamThatIsCutOrOfAnotherSize) {
  const Jpeg2000Layout layout{64, 64, 1, 12, false};
  const auto stream = encode_jpeg2000(cells_of(layout), layout).value();
  EXPECT_EQ(decode_jpeg2000(as_bytes(stream), 64, 63).error().code, Code::corrupt);
  EXPECT_EQ(decode_jpeg2000(as_bytes(stream), 64, 64, 3).error().code, Code::unsupported);
  for (const std::size_t length : {std::size_t{0}, std::size_t{20}, stream.size() / 2})
    EXPECT_EQ(decode_jpeg2000(as_bytes(stream).first(length), 64, 64).error().code, Code::corrupt) << length;
}

}  // namespace
}  // namespace larmor::dicom

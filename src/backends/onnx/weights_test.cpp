#include "backends/onnx/weights.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace larmor::onnx {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string varint(std::uint64_t n) {
  std::string out;
  for (; n >= 0x80; n >>= 7) out += static_cast<char>(n | 0x80);
  return out + static_cast<char>(n);
}
std::string number(int id, std::uint64_t n) {
  return varint(std::uint64_t(id) << 3) + varint(n);
}
std::string bytes(int id, const std::string& b) {
  return varint(std::uint64_t(id) << 3 | 2) + varint(b.size()) + b;
}
template <class T>
std::string raw(std::initializer_list<T> values) {
  return std::string(reinterpret_cast<const char*>(values.begin()), values.size() * sizeof(T));
}
/// A model whose graph has a node in front of one initializer.
std::string model(const std::string& tensor) {
  return number(1, 8) + bytes(2, "somebody") + bytes(7, bytes(1, bytes(4, "Conv")) + bytes(5, tensor));
}
Result<Tensors> parse(const std::string& text) {
  return parse_weights(as_bytes(text));
}

TEST(Weights, AreReadByName) {
  const auto single =
      number(1, 2) + number(1, 3) + number(2, 1) + bytes(8, "a.weight") + bytes(9, raw<float>({1, 2, 3, 4, 5, -6.5}));
  const auto found = parse(model(single)).value();
  EXPECT_THAT(found.at("a.weight").shape, ElementsAre(2, 3));
  EXPECT_THAT(found.at("a.weight").values, ElementsAre(1, 2, 3, 4, 5, -6.5));
}

TEST(Weights, MayBeHalfPrecisionWithPackedSides) {
  const auto half = bytes(1, varint(5) + varint(1)) + number(2, 10) + bytes(8, "b") +
                    bytes(9, raw<std::uint16_t>({0x3C00, 0xC100, 0x0001, 0x7BFF, 0xFC00}));
  const auto found = parse(model(half)).value();
  EXPECT_THAT(found.at("b").shape, ElementsAre(5, 1));
  EXPECT_THAT(found.at("b").values, ElementsAre(1, -2.5, 0x1p-24, 65504, -HUGE_VALF));
}

TEST(Weights, OfAnotherTypeAreRefusedByName) {
  const auto whole = number(1, 1) + number(2, 7) + bytes(8, "c") + bytes(9, std::string(8, '\0'));
  const auto refused = parse(model(whole));
  EXPECT_EQ(refused.error().code, Code::unsupported);
  EXPECT_THAT(refused.error().what, HasSubstr("'c'"));
}

TEST(Weights, ThatAreCutAnywhereAreAnErrorAndNoMore) {
  const auto whole = model(number(1, 2) + number(2, 1) + bytes(8, "a") + bytes(9, raw<float>({1, 2})));
  for (std::size_t n = 0; n < whole.size(); ++n) {
    const auto cut = parse(whole.substr(0, n));
    EXPECT_TRUE(cut || cut.error().code == Code::corrupt) << n;
  }
  EXPECT_FALSE(parse("\x3A\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01"));
  EXPECT_FALSE(parse("DICM, say"));
}

TEST(Weights, OfAMissingFileAreNotFound) {
  EXPECT_EQ(read_weights("/nowhere/weights.onnx").error().code, Code::not_found);
}

}  // namespace
}  // namespace larmor::onnx

/// What the corpus has no example of: HTJ2K, and the syntaxes that nobody here writes.
#include "dicom/codec/transcode.h"

#include <gtest/gtest.h>

#include "dicom/codec/testing/htj2k.h"

namespace larmor::dicom {
namespace {

const std::string kExplicit = "1.2.840.10008.1.2.1", kHtj2k = "1.2.840.10008.1.2.4.201";

std::string number(std::size_t value, int bytes) {
  std::string out;
  for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> 8 * i);
  return out;
}

std::string element(unsigned group, unsigned element, const std::string& vr, std::string value) {
  if (value.size() % 2) value += vr == "UI" ? '\0' : ' ';
  const bool is_long = vr == "OB" || vr == "OW";
  return number(group, 2) + number(element, 2) + vr +
         (is_long ? number(0, 2) + number(value.size(), 4) : number(value.size(), 2)) + value;
}

/// `frames` times the same 12 rows and 16 columns.
std::string file_of(std::string_view stream, std::size_t frames, std::size_t samples, std::size_t bits) {
  auto fragment = testing::bytes_of(stream);
  if (fragment.size() % 2) fragment += '\0';
  auto meta = element(2, 1, "OB", std::string("\0\1", 2)) + element(2, 2, "UI", "1.2.840.10008.5.1.4.1.1.7.4") +
              element(2, 3, "UI", "2.25.1") + element(2, 0x10, "UI", kHtj2k);
  auto out =
      std::string(128, '\0') + "DICM" + element(2, 0, "UL", number(meta.size(), 4)) + meta +
      element(8, 0x16, "UI", "1.2.840.10008.5.1.4.1.1.7.4") + element(8, 0x18, "UI", "2.25.1") +
      element(0x28, 2, "US", number(samples, 2)) + element(0x28, 4, "CS", samples == 3 ? "YBR_RCT" : "MONOCHROME2") +
      (samples == 3 ? element(0x28, 6, "US", number(0, 2)) : "") + element(0x28, 8, "IS", std::to_string(frames)) +
      element(0x28, 0x10, "US", number(12, 2)) + element(0x28, 0x11, "US", number(16, 2)) +
      element(0x28, 0x100, "US", number(bits > 8 ? 16 : 8, 2)) + element(0x28, 0x101, "US", number(bits, 2)) +
      element(0x28, 0x102, "US", number(bits - 1, 2)) + element(0x28, 0x103, "US", number(0, 2)) + number(0x7FE0, 2) +
      number(0x0010, 2) + "OB" + number(0, 2) + "\xFF\xFF\xFF\xFF";
  const auto item = [](unsigned tag, std::size_t length) {
    return number(0xFFFE, 2) + number(tag, 2) + number(length, 4);
  };
  out += item(0xE000, 0);
  for (std::size_t i = 0; i < frames; ++i) out += item(0xE000, fragment.size()) + fragment;
  return out + item(0xE0DD, 0);
}

/// A ramp of 12-bit values as it is stored uncompressed.
std::string ramp() {
  std::string out;
  for (std::size_t i = 0; i < 192; ++i) out += number((i << 12) / 192, 2);
  return out;
}

Result<std::string> transcoded(const std::string& file, const std::string& to) {
  MemorySource source(as_bytes(file));
  return transcode(source, to);
}

TEST(Transcode, DecompressesHtj2kFrameByFrame) {
  const auto plain = transcoded(file_of(testing::kGrey12, 3, 1, 12), kExplicit);
  ASSERT_TRUE(plain) << to_string(plain.error());
  EXPECT_TRUE(plain->ends_with(ramp() + ramp() + ramp()));
  EXPECT_EQ(plain->find(kHtj2k), std::string::npos) << "the file says what it is now";
}

TEST(Transcode, DecompressesColoursOfHtj2k) {
  const auto plain = transcoded(file_of(testing::kColour8, 1, 3, 8), kExplicit);
  ASSERT_TRUE(plain) << to_string(plain.error());
  EXPECT_NE(plain->find("RGB"), std::string::npos);
  EXPECT_EQ(plain->find("YBR_RCT"), std::string::npos);
}

TEST(Transcode, OfHtj2kComesBackFromEverySyntaxThatIsWritten) {
  for (const auto& syntax : written_syntaxes()) {
    const auto other = transcoded(file_of(testing::kGrey12, 2, 1, 12), syntax);
    ASSERT_TRUE(other) << syntax << ": " << to_string(other.error());
    const auto plain = transcoded(*other, kExplicit);
    ASSERT_TRUE(plain) << syntax << ": " << to_string(plain.error());
    EXPECT_TRUE(plain->ends_with(ramp() + ramp())) << syntax;
  }
}

TEST(Transcode, OfADamagedStreamIsAnError) {
  auto file = file_of(testing::kGrey12, 1, 1, 12);
  file[file.size() - 150] ^= 0x5A;
  file.resize(file.size() - 60);
  EXPECT_FALSE(transcoded(file, kExplicit));
}

TEST(Transcode, ToHtj2kIsSaidToBeImpossible) {
  EXPECT_FALSE(can_write(kHtj2k));
  EXPECT_EQ(transcoded(file_of(testing::kGrey12, 1, 1, 12), kHtj2k).error().code, Code::unsupported);
}

}  // namespace
}  // namespace larmor::dicom

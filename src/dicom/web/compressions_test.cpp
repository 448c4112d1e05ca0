#include "dicom/web/compressions.h"

#include <gtest/gtest.h>

namespace larmor::dicom {
namespace {

using namespace std::string_literals;

std::string syntax_of(const std::string& stream) {
  const auto found = syntax_of_jpeg(as_bytes(stream));
  return found ? std::string(*found) : std::string(row(found.error().code).name);
}

TEST(Compressions, AreKnownByMediaTypeAndTheOtherWayRound) {
  EXPECT_EQ(media_type_of("1.2.840.10008.1.2.4.50"), "image/jpeg");
  EXPECT_EQ(media_type_of("1.2.840.10008.1.2.1"), kBytes);
  EXPECT_EQ(usual_syntax("image/jp2"), "1.2.840.10008.1.2.4.90");
  EXPECT_EQ(usual_syntax("image/gif"), "");
}

TEST(Compressions, OfAJpegAreReadFromItsMarkers) {
  const auto start = "\xFF\xD8\xFF\xE0\0\x04\xFF\xC3"s;  // a comment's content is no marker
  EXPECT_EQ(syntax_of(start + "\xFF\xC0\0\x02"s), "1.2.840.10008.1.2.4.50");
  EXPECT_EQ(syntax_of(start + "\xFF\xC4\0\x02\xFF\xC1\0\x02"s), "1.2.840.10008.1.2.4.51");
  const auto lossless = start + "\xFF\xC3\0\x02\xFF\xDA\0\x08\x01\x01\0"s;
  EXPECT_EQ(syntax_of(lossless + "\x01\0\0"s), "1.2.840.10008.1.2.4.70");
  EXPECT_EQ(syntax_of(lossless + "\x04\0\0"s), "1.2.840.10008.1.2.4.57");
  EXPECT_EQ(syntax_of(start + "\xFF\xC2\0\x02"s), "unsupported");
  for (std::size_t size = 0; size < start.size(); ++size) EXPECT_EQ(syntax_of(start.substr(0, size)), "corrupt");
}

}  // namespace
}  // namespace larmor::dicom

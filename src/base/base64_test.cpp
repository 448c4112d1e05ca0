#include "base/base64.h"

#include <gtest/gtest.h>

namespace larmor {
namespace {

TEST(Base64, IsReadWithItsPadding) {
  EXPECT_EQ(from_base64("").value(), "");
  EXPECT_EQ(from_base64("Zg==").value(), "f");
  EXPECT_EQ(from_base64("Zm8=").value(), "fo");
  EXPECT_EQ(from_base64("+/8A").value(), std::string("\xFB\xFF\0", 3));
  for (const auto* wrong : {"Zg", "Zg=", "Zg==Zg==", "-_8A", "Zm8\n", "===="})
    EXPECT_FALSE(from_base64(wrong)) << wrong;
}

TEST(Base64, IsWrittenWithItsPadding) {
  for (const std::string text : {"", "f", "fo", "foo", "foob", "\xFB\xFF"})
    EXPECT_EQ(from_base64(to_base64(text)).value(), text);
  EXPECT_EQ(to_base64("fo"), "Zm8=");
}

TEST(Base64Url, IsReadAsItIsWritten) {
  for (const std::string text : {"", "f", "fo", "foo", "foob", "\xFF\xFE\xFD"})
    EXPECT_EQ(from_base64url(to_base64url(text)).value(), text);
  EXPECT_EQ(to_base64url("\xFB\xFF"), "-_8");
  for (const auto* wrong : {"a", "ab=", "a b", "+/"}) EXPECT_FALSE(from_base64url(wrong)) << wrong;
}

}  // namespace
}  // namespace larmor

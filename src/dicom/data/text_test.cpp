#include "dicom/data/text.h"

#include <gtest/gtest.h>

namespace larmor::dicom {
namespace {

// The names are those of PS3.5 annexes H, I and J, byte by byte.
TEST(DicomText, ReadsJapaneseWithEscapeSequences) {
  EXPECT_EQ(to_utf8("Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B=\x1b$B$d$^$@\x1b(B^\x1b$B$?$m$&\x1b(B",
                    "\\ISO 2022 IR 87", true),
            "Yamada^Tarou=山田^太郎=やまだ^たろう");
}

TEST(DicomText, ReadsJapaneseHalfWidthLetters) {
  EXPECT_EQ(to_utf8("\xd4\xcf\xc0\xde^\xc0\xdb\xb3=\x1b$B;3ED\x1b(J^\x1b$BB@O:\x1b(J", "ISO 2022 IR 13\\ISO 2022 IR 87",
                    true),
            "ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎");
}

TEST(DicomText, ReadsKorean) {
  EXPECT_EQ(to_utf8("Hong^Gildong=\x1b$)C\xfb\xf3^\x1b$)C\xd1\xce\xd4\xd7=\x1b$)C\xc8\xab^\x1b$)C\xb1\xe6\xb5\xbf",
                    "\\ISO 2022 IR 149", true),
            "Hong^Gildong=洪^吉洞=홍^길동");
}

TEST(DicomText, ReadsChineseInBothNationalSets) {
  EXPECT_EQ(to_utf8("Wang^XiaoDong=\xcd\xf5^\xd0\xa1\xb6\xab", "GB18030", true), "Wang^XiaoDong=王^小东");
  EXPECT_EQ(to_utf8("Wang^XiaoDong=\xcd\xf5^\xd0\xa1\xb6\xab", "GBK", true), "Wang^XiaoDong=王^小东");
}

TEST(DicomText, ReadsSingleByteSets) {
  EXPECT_EQ(to_utf8("\xc4neas^R\xfc"
                    "diger",
                    "ISO_IR 100", true),
            "Äneas^Rüdiger");
  EXPECT_EQ(to_utf8("\xbb\xee\xda"
                    "ce\xdc\xd1yp\xd3",
                    "ISO_IR 144", true),
            "Люкceмбypг");
}

TEST(DicomText, ForgivesAMisspeltSetName) {
  EXPECT_EQ(to_utf8("R\xfc"
                    "diger",
                    "ISO-IR 100"),
            "Rüdiger");
}

TEST(DicomText, TakesUndeclaredBytesForUtf8OrElseForLatin1) {
  EXPECT_EQ(to_utf8("Rüdiger", ""), "Rüdiger");
  EXPECT_EQ(to_utf8("R\xfc"
                    "diger",
                    ""),
            "Rüdiger");
  EXPECT_EQ(to_utf8("R\xfc"
                    "diger",
                    "ISO_IR 192"),
            "Rüdiger");
  EXPECT_EQ(to_utf8("R\xfc"
                    "diger",
                    "no such set"),
            "Rüdiger");
}

TEST(DicomText, KnowsWhatUtf8IsNot) {
  EXPECT_TRUE(is_utf8("a\u00e9\u5c71\U0001F600"));
  EXPECT_FALSE(is_utf8("\xc0\xaf"));          // overlong
  EXPECT_FALSE(is_utf8("\xed\xa0\x80"));      // surrogate
  EXPECT_FALSE(is_utf8("\xe5\xb1"));          // cut
  EXPECT_FALSE(is_utf8("\xf5\x80\x80\x80"));  // beyond Unicode
}

}  // namespace
}  // namespace larmor::dicom

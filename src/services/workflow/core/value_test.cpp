#include "services/workflow/core/value.h"

#include <gtest/gtest.h>

namespace larmor::workflow {
namespace {

bool met(const std::string& test, const std::string& value) {
  return fulfils(parse_test(test).value(), value).has_value();
}

TEST(AValue, MatchesOneOfSeveralPatternsInAnyCase) {
  EXPECT_TRUE(met("*t1*|*mprage*", "Sag MPRAGE 1mm"));
  EXPECT_EQ(fulfils(parse_test("*t1*|*mprage*").value(), "Sag MPRAGE 1mm"), "*mprage*");
  EXPECT_FALSE(met("*t1*|*mprage*", "Ax T2 FLAIR"));
  EXPECT_TRUE(met("MR", "mr"));
  EXPECT_TRUE(met("MR", "MR ")) << "DICOM pads with spaces";
  EXPECT_FALSE(met("MR", "MRX"));
}

TEST(AValue, IsComparedAsANumberWhereTheTestIsOne) {
  EXPECT_TRUE(met(">= 20", "20"));
  EXPECT_FALSE(met(">= 20", "9")) << "not as text";
  EXPECT_TRUE(met("<1.5", "0.9375"));
  EXPECT_TRUE(met("!= 3", "1.5"));
  EXPECT_TRUE(met("20..200", "176"));
  EXPECT_FALSE(met("20..200", "201"));
  EXPECT_FALSE(met(">= 20", "many"));
  EXPECT_TRUE(met("< 1 | > 3", "3.0001"));
}

TEST(AValue, ThatIsEmptyIsNotPresent) {
  EXPECT_TRUE(met("*", "x"));
  EXPECT_FALSE(met("*", ""));
  EXPECT_FALSE(met("*", "  "));
}

TEST(ATest, WithoutSenseIsRefused) {
  for (const auto* text : {"", " ", ">= many", ">", "a||b", "200..20"}) EXPECT_FALSE(parse_test(text)) << text;
}

TEST(ATest, WithTwoDotsThatIsNoRangeIsAWord) {
  EXPECT_TRUE(met("a..b", "A..B"));
}

}  // namespace
}  // namespace larmor::workflow

#include "base/text.h"

#include <gtest/gtest.h>

namespace larmor {
namespace {

TEST(Wildcard, MatchesStarsAndQuestionMarksInAnyCase) {
  EXPECT_TRUE(matches_wildcard("*t1*", "Sag MPRAGE T1w"));
  EXPECT_TRUE(matches_wildcard("a?c", "ABC"));
  EXPECT_TRUE(matches_wildcard("*", ""));
  EXPECT_FALSE(matches_wildcard("t1", "t1w"));
  EXPECT_FALSE(matches_wildcard("?", ""));
}

TEST(Nearest, FindsASlipOfTheKeyboardAndNothingFarther) {
  const std::vector<std::string> known = {"Modality", "BodyPartExamined"};
  EXPECT_EQ(nearest("Modalty", known), "Modality");
  EXPECT_FALSE(nearest("Colour", known));
}

}  // namespace
}  // namespace larmor

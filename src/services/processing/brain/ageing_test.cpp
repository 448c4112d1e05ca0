#include "services/processing/brain/ageing.h"

#include <gmock/gmock.h>

namespace larmor::processing::brain {
namespace {

TEST(Ageing, ExpectsThePublishedLoss) {
  EXPECT_NEAR(judge_ageing(-0.3, 0.05, 35).expected_percent, -0.20, 1e-9);
  EXPECT_NEAR(judge_ageing(-0.3, 0.05, 70).expected_percent, -0.52, 1e-9);
}

TEST(Ageing, SpeaksOnlyWhereTheErrorBarsAllowIt) {
  EXPECT_EQ(judge_ageing(-0.4, 0.1, 70).pace, Pace::within);
  EXPECT_EQ(judge_ageing(-1.5, 0.1, 70).pace, Pace::faster);
  EXPECT_EQ(judge_ageing(-0.8, 0.1, 70).pace, Pace::undecided);
  EXPECT_EQ(judge_ageing(-1.5, 0.6, 70).pace, Pace::undecided);
}

TEST(Ageing, TellsTheRangeWithDigitsEnoughToRoundItAsItsWordsDo) {
  const auto told = to_json(judge_ageing(-1.6049996, 0.1785727, 62));  // three digits would make it -1.955
  EXPECT_DOUBLE_EQ(told["low_per_year_percent"].get<double>(), -1.955002);
  EXPECT_DOUBLE_EQ(told["high_per_year_percent"].get<double>(), -1.254997);
}

TEST(Ageing, TellsTheAgeInCompletedYearsAsTheNormsDo) {
  EXPECT_THAT(judge_ageing(-1.5, 0.1, 61.8).why, testing::HasSubstr("at 61 years"));
}

TEST(Ageing, IsSilentWithoutAnAge) {
  const auto none = judge_ageing(-1.5, 0.1, {});
  EXPECT_EQ(none.pace, Pace::unknown);
  EXPECT_THAT(none.words(), testing::HasSubstr("age is not known"));
  EXPECT_EQ(judge_ageing(-1.5, 0.1, 8).pace, Pace::unknown);
}

}  // namespace
}  // namespace larmor::processing::brain

#include "services/export/core/verdict.h"

#include <gmock/gmock.h>

namespace larmor::exporting {
namespace {

using ::testing::HasSubstr;

dimse::Delivery refusing(const std::vector<Code>& codes) {
  dimse::Delivery d;
  for (const auto code : codes) d.refused.push_back({SopUid("1.2"), Error{code, "refused", "", ""}});
  return d;
}

TEST(Verdict, IsNoErrorWhenEverythingWasTaken) {
  dimse::Delivery d;
  d.sent = 4;
  EXPECT_FALSE(verdict(d, 4, "ARCHIVE"));
}

TEST(Verdict, TriesAgainWhenOneObjectMayBeTakenLater) {
  const auto e = verdict(refusing({Code::unsupported, Code::out_of_space}), 4, "ARCHIVE");
  ASSERT_TRUE(e);
  EXPECT_TRUE(row(e->code).retryable);
  EXPECT_THAT(e->what, HasSubstr("2 of 4 objects could not be sent to ARCHIVE"));
}

TEST(Verdict, GivesUpWhenNothingWillChange) {
  const auto e = verdict(refusing({Code::unsupported, Code::invalid}), 2, "ARCHIVE");
  ASSERT_TRUE(e);
  EXPECT_FALSE(row(e->code).retryable);
}

TEST(Verdict, KeepsTryingWhereATitleMustBeRegisteredFirst) {
  EXPECT_TRUE(row(worth_another_try({Code::forbidden, "", "", ""}).code).retryable);
  EXPECT_FALSE(row(worth_another_try({Code::unsupported, "", "", ""}).code).retryable);
}

}  // namespace
}  // namespace larmor::exporting

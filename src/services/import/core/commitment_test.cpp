#include "services/import/core/commitment.h"

#include <gtest/gtest.h>

namespace larmor::importing {
namespace {

const SopClassUid kMr("1.2.840.10008.5.1.4.1.1.4"), kCt("1.2.840.10008.5.1.4.1.1.2");

dimse::Commitment asked() {
  return {"1.9.1", {{kMr, SopUid("1.1")}, {kMr, SopUid("1.2")}, {kCt, SopUid("1.3")}}};
}

TEST(Commitment, CoversWhatIsKeptUnderItsClassAndNamesTheRest) {
  const auto report = judge(asked(), [](const SopUid& uid) -> Result<SopClassUid> {
    if (uid.str() == "1.2") return fail(Code::not_found, "no such instance");
    return kMr;
  });
  ASSERT_TRUE(report);
  EXPECT_EQ(report->transaction, "1.9.1");
  ASSERT_EQ(report->committed.size(), 1u);
  EXPECT_EQ(report->committed[0].instance.str(), "1.1");
  ASSERT_EQ(report->failed.size(), 2u);
  EXPECT_EQ(report->failed[0].reason, dimse::Reason::no_such_instance);
  EXPECT_EQ(report->failed[1].reason, dimse::Reason::class_conflict);
}

TEST(Commitment, OfADamagedObjectFails) {
  const auto report = judge(asked(), [](const SopUid&) -> Result<SopClassUid> { return fail(Code::corrupt, "cut"); });
  ASSERT_TRUE(report);
  EXPECT_EQ(report->failed.size(), 3u);
  EXPECT_EQ(report->failed[0].reason, dimse::Reason::processing_failure);
}

TEST(Commitment, IsNotJudgedWhileStorageIsAway) {
  EXPECT_FALSE(judge(asked(), [](const SopUid&) -> Result<SopClassUid> { return fail(Code::unavailable, "away"); }));
}

TEST(Commitment, ComesBackFromTheLogAsItWasAsked) {
  const auto event = requested_event({AeTitle("CT2"), "run-1", asked()}, "10.0.0.5");
  events::Event kept;
  static_cast<events::NewEvent&>(kept) = event;
  const auto owed = owed_of(kept);
  EXPECT_EQ(owed.calling.str(), "CT2");
  EXPECT_EQ(owed.association, "run-1");
  EXPECT_EQ(owed.commitment.transaction, "1.9.1");
  ASSERT_EQ(owed.commitment.objects.size(), 3u);
  EXPECT_EQ(owed.commitment.objects[0].sop_class, kCt);  // by class
  EXPECT_EQ(owed.commitment.objects[2].instance.str(), "1.2");
}

TEST(Commitment, IsOneStoryForEachCallerAndTransaction) {
  const auto story = [](const events::NewEvent& e) {
    events::Event kept;
    static_cast<events::NewEvent&>(kept) = e;
    return request_of(kept);
  };
  const Owed owed{AeTitle("CT2"), "run-1", asked()};
  EXPECT_EQ(story(requested_event(owed, "")), story(reported_event(AeTitle("CT2"), {"1.9.1", {}, {}})));
  EXPECT_EQ(story(requested_event(owed, "")), story(failed_event(owed, {Code::timed_out, "", "", ""})));
  EXPECT_NE(story(requested_event(owed, "")), story(reported_event(AeTitle("CT3"), {"1.9.1", {}, {}})));
}

TEST(Commitment, IsToldEverMoreRarelyForADayOrSo) {
  Duration total{0};
  int attempts = 1;
  for (; const auto wait = wait_after(attempts); ++attempts) total += *wait;
  EXPECT_EQ(wait_after(1), 5s);
  EXPECT_EQ(wait_after(2), 10s);
  EXPECT_GT(total, 24h);
  EXPECT_LT(total, 48h);
  EXPECT_LT(attempts, 50);
}

}  // namespace
}  // namespace larmor::importing

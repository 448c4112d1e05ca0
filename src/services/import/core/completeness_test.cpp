#include "services/import/core/completeness.h"

#include <gmock/gmock.h>

namespace larmor::importing {
namespace {

using ::testing::HasSubstr;

const Time kStart = Time{} + std::chrono::hours(24 * 20000);

Known arrived(std::int64_t instances = 176) {
  Known k;
  k.instances = instances;
  k.last = kStart;
  return k;
}
Policy with_archive() {
  Policy p;
  p.ask_archive = true;
  return p;
}

TEST(Completeness, WaitsForTheQuietPeriodAndSaysSo) {
  const auto d = decide(arrived(), kStart + 2s, {});
  EXPECT_FALSE(d.complete);
  EXPECT_EQ(d.reason, "quiet for 2.0 s of 5.0 s");
  EXPECT_EQ(d.again, kStart + 5s);
}

TEST(Completeness, ComesWithSilenceWhenNothingElseIsKnown) {
  const auto d = decide(arrived(), kStart + 5s, {});
  EXPECT_TRUE(d.complete);
  EXPECT_EQ(d.clue, "quiet");
  EXPECT_THAT(d.reason, HasSubstr("no association of the sender is open"));
}

TEST(Completeness, NeverComesWhileTheSendersAssociationIsOpen) {
  auto k = arrived();
  k.open = {{"PACS", OpenSender::Busy::here}};
  const auto d = decide(k, kStart + 60s, {});
  EXPECT_FALSE(d.complete);
  EXPECT_EQ(d.reason, "association of PACS still open");
}

TEST(Completeness, WaitsForAnAssociationThatHasSentNothingYet) {
  auto k = arrived();
  k.open = {{"PACS", OpenSender::Busy::nowhere_yet}};
  EXPECT_FALSE(decide(k, kStart + 60s, {}).complete);
}

TEST(Completeness, DoesNotWaitForASenderThatHasMovedOn) {
  auto k = arrived();
  k.open = {{"PACS", OpenSender::Busy::elsewhere}};
  EXPECT_FALSE(decide(k, kStart + 4s, {}).complete);
  const auto d = decide(k, kStart + 5s, {});
  EXPECT_TRUE(d.complete);
  EXPECT_THAT(d.reason, HasSubstr("moved on to another study"));
}

TEST(Completeness, IsNotHeldForEverByAnAssociationThatStaysOpen) {
  auto k = arrived();
  k.open = {{"PACS", OpenSender::Busy::here}};
  const auto d = decide(k, kStart + 600s, {});
  EXPECT_TRUE(d.complete);
  EXPECT_THAT(d.reason, HasSubstr("still open, but sent nothing for 600 s"));
}

TEST(Completeness, ComesAtOnceWhenTheArchiveListsNoMore) {
  auto k = arrived();
  k.archive = 176;
  EXPECT_FALSE(decide(k, kStart + 500ms, with_archive()).complete);
  const auto d = decide(k, kStart + 1s, with_archive());
  EXPECT_TRUE(d.complete);
  EXPECT_EQ(d.clue, "archive_count");
  EXPECT_THAT(d.reason, HasSubstr("lists 176 instances"));
}

TEST(Completeness, AsksTheArchiveOnceTheSenderIsDone) {
  EXPECT_FALSE(decide(arrived(), kStart + 500ms, with_archive()).ask_archive);
  EXPECT_EQ(decide(arrived(), kStart + 500ms, with_archive()).again, kStart + 1s);
  EXPECT_TRUE(decide(arrived(), kStart + 1s, with_archive()).ask_archive);
  auto k = arrived();
  k.open = {{"PACS", OpenSender::Busy::here}};
  EXPECT_FALSE(decide(k, kStart + 1s, with_archive()).ask_archive);
}

TEST(Completeness, WaitsWhileTheArchiveListsMoreAndAsksAgain) {
  auto k = arrived();
  k.archive = 180;
  const auto d = decide(k, kStart + 60s, with_archive());
  EXPECT_FALSE(d.complete);
  EXPECT_TRUE(d.ask_archive);
  EXPECT_EQ(d.reason, "the archive lists 180 instances, 176 have arrived");
  const auto bounded = decide(k, kStart + 600s, with_archive());
  EXPECT_TRUE(bounded.complete);
  EXPECT_THAT(bounded.reason, HasSubstr("lists 180 instances, which did not come"));
}

TEST(Completeness, FallsBackToSilenceWhenTheArchiveDoesNotAnswer) {
  auto k = arrived();
  k.archive_silent = true;
  EXPECT_FALSE(decide(k, kStart + 4s, with_archive()).complete);
  const auto d = decide(k, kStart + 5s, with_archive());
  EXPECT_TRUE(d.complete);
  EXPECT_THAT(d.reason, HasSubstr("the archive did not answer"));
}

TEST(Completeness, WaitsLongerWhereSlicesAreMissing) {
  auto k = arrived();
  k.gaps = {3, -21, -17};
  const auto d = decide(k, kStart + 10s, {});
  EXPECT_FALSE(d.complete);
  EXPECT_THAT(d.reason, HasSubstr("3 slices are missing, the first between -21.0 and -17.0 mm"));
  const auto bounded = decide(k, kStart + 30s, {});
  EXPECT_TRUE(bounded.complete);
  EXPECT_THAT(bounded.reason, HasSubstr("3 slices are missing"));
}

TEST(Completeness, AlwaysSaysWhenToLookAgain) {
  for (const auto archive :
       {std::optional<std::int64_t>(), std::optional<std::int64_t>(100), std::optional<std::int64_t>(200)})
    for (const int missing : {0, 2})
      for (const bool open : {false, true})
        for (auto after = Duration(0); after < 700s; after += 700ms) {
          auto k = arrived();
          k.archive = archive, k.gaps.missing = missing;
          if (open) k.open = {{"PACS", OpenSender::Busy::here}};
          const auto d = decide(k, kStart + after, with_archive());
          EXPECT_TRUE(d.complete || d.again > kStart + after) << seconds(after);
          EXPECT_FALSE(d.reason.empty());
        }
}

}  // namespace
}  // namespace larmor::importing

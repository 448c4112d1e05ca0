#include "services/dispatch/core/lease.h"

#include <gtest/gtest.h>

namespace larmor::dispatch {
namespace {

const Time kNoon = Time(1'000'000s);

TEST(Lease, ExpiresWhenHeartbeatStops) {
  const Held held{State::running, "t", kNoon};
  EXPECT_FALSE(lost(held, kNoon - 1us));
  EXPECT_TRUE(lost(held, kNoon));
  EXPECT_FALSE(lost({State::done, "t", kNoon}, kNoon));
}

TEST(Lease, BelongsToTheTokenOfTheLastClaim) {
  const Held held{State::running, "second", kNoon};
  EXPECT_TRUE(owns(held, {JobId("j"), "second"}));
  const auto refused = owns(held, {JobId("j"), "first"});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::conflict);
}

TEST(Lease, NeverBelongsToAnEmptyToken) {
  EXPECT_FALSE(owns({State::running, "", kNoon}, {JobId("j"), ""}));
  EXPECT_FALSE(already_finished({State::dead, "", kNoon}, {JobId("j"), ""}));
}

TEST(Lease, KnowsARepeatedFinishAgain) {
  EXPECT_TRUE(already_finished({State::done, "t", kNoon}, {JobId("j"), "t"}));
  EXPECT_TRUE(already_finished({State::waiting, "t", kNoon}, {JobId("j"), "t"}));
  EXPECT_FALSE(already_finished({State::done, "other", kNoon}, {JobId("j"), "t"}));
  EXPECT_FALSE(already_finished({State::cancelled, "t", kNoon}, {JobId("j"), "t"}));
}

TEST(Operation, RevivesOnlyWhatIsDeadOrCancelled) {
  EXPECT_EQ(after(Operation::revive, State::dead, JobId("j")).value(), State::waiting);
  EXPECT_EQ(after(Operation::revive, State::cancelled, JobId("j")).value(), State::waiting);
  for (const auto state : {State::waiting, State::running, State::done})
    EXPECT_EQ(after(Operation::revive, state, JobId("j")).error().code, Code::conflict);
}

TEST(Operation, NeverCancelsWhatIsDone) {
  const auto refused = after(Operation::cancel, State::done, JobId("j7"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().what, "job j7 is done and cannot be cancelled");
}

TEST(Worker, RunsTheQueuesThatItsPatternsName) {
  const Worker worker{WorkerId("w"), {"pipeline/*", "export/archive"}};
  EXPECT_TRUE(runs(worker, "pipeline/brain"));
  EXPECT_TRUE(runs(worker, "export/archive"));
  EXPECT_FALSE(runs(worker, "export/archive2"));
  EXPECT_FALSE(runs(worker, "pipelines"));
}

}  // namespace
}  // namespace larmor::dispatch

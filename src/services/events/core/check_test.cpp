#include "services/events/core/check.h"

#include <gtest/gtest.h>

namespace larmor::events {
namespace {

NewEvent good() {
  return {"job.queued", "dispatch", StudyUid("1.2"), Json::object(), ""};
}

TEST(EventCheck, NamesTheEventAndTheFieldAtFault) {
  std::vector<NewEvent> batch(3, good());
  EXPECT_TRUE(check(batch));
  batch[2].type = "Job Queued";
  const auto outcome = check(batch);
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, Code::invalid);
  EXPECT_EQ(outcome.error().field, "/items/2/type");
}

TEST(EventCheck, RefusesFieldsThatAreNoObject) {
  auto event = good();
  event.fields = "text";
  EXPECT_EQ(check(std::span(&event, 1)).error().field, "/items/0/fields");
}

TEST(EventCheck, RefusesAnUnboundedBatch) {
  const std::vector<NewEvent> batch(kMostPerAppend + 1, good());
  EXPECT_EQ(check(batch).error().code, Code::too_large);
}

TEST(EventFilter, TakesAWordWithADotAtItsEndForAllThatBeginSo) {
  EXPECT_TRUE(covers({"job."}, "job.queued"));
  EXPECT_FALSE(covers({"job."}, "jobs.queued"));
  EXPECT_FALSE(covers({"job.queue"}, "job.queued"));
  EXPECT_TRUE(covers({}, "anything.at_all"));
  EXPECT_EQ(covered({"job.", "a.b"}, {"a.b", "a.c", "job.dead", "job.queued"}),
            (std::vector<std::string>{"a.b", "job.dead", "job.queued"}));
}

}  // namespace
}  // namespace larmor::events

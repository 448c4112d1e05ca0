#include "services/events/adapters/tail.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace larmor::events {
namespace {

SharedEvents run(Seq from, Seq upto, const std::string& type = "a.b", const std::string& study = "1.2") {
  SharedEvents events;
  for (Seq seq = from; seq <= upto; ++seq) {
    Event event;
    event.seq = seq;
    event.type = type;
    event.study = StudyUid(study);
    events.push_back(std::make_shared<const Event>(std::move(event)));
  }
  return events;
}

std::vector<Seq> numbers(const SharedEvents& events) {
  std::vector<Seq> found;
  for (const auto& event : events) found.push_back(event->seq);
  return found;
}

TEST(Tail, ReachesBackToWhatItForgot) {
  Tail tail(3, 10);
  EXPECT_TRUE(tail.reaches(10));
  EXPECT_FALSE(tail.reaches(9));
  tail.add(run(11, 15));
  EXPECT_FALSE(tail.reaches(11));
  EXPECT_TRUE(tail.reaches(12));
  EXPECT_EQ(numbers(tail.find({.after = 12})), (std::vector<Seq>{13, 14, 15}));
  EXPECT_EQ(numbers(tail.find({.after = 14})), (std::vector<Seq>{15}));
  EXPECT_TRUE(tail.find({.after = 15}).empty());
}

TEST(Tail, FindsByTypeStudyAndLimit) {
  Tail tail(100, 0);
  tail.add(run(1, 2, "job.queued", "1.2"));
  tail.add(run(3, 4, "job.done", "1.3"));
  tail.add(run(5, 6, "rule.matched", "1.3"));
  EXPECT_EQ(numbers(tail.find({.types = {"job."}})), (std::vector<Seq>{1, 2, 3, 4}));
  EXPECT_EQ(numbers(tail.find({.study = StudyUid("1.3"), .types = {"job."}})), (std::vector<Seq>{3, 4}));
  EXPECT_EQ(numbers(tail.find({.after = 1, .limit = 2})), (std::vector<Seq>{2, 3}));
}

}  // namespace
}  // namespace larmor::events

#include "services/events/core/changes.h"

#include <gtest/gtest.h>

namespace larmor::events {
namespace {

Event event(Seq seq, std::string type, Json fields) {
  Event e;
  e.seq = seq;
  e.type = std::move(type);
  e.study = StudyUid("1.2");
  e.fields = std::move(fields);
  return e;
}
Event stored(Seq seq, std::vector<std::string> first_of) {
  return event(seq, "instance.stored", {{"series", "1.2.3"}, {"instance", "1.2.3.4"}, {"first_of", first_of}});
}
std::vector<std::string> told(const std::vector<Change>& changes) {
  std::vector<std::string> words;
  for (const auto& c : changes) words.push_back(fmt::format("{} {} {} {}", c.seq, c.type, c.resource, c.id));
  return words;
}
using Words = std::vector<std::string>;

TEST(Changes, TellTheInstanceThenWhatItIsTheFirstOf) {
  EXPECT_EQ(told(changes_of(stored(1, {"patient", "study", "series"}), {})),
            (Words{"1 NewInstance Instance 1.2.3.4", "2 NewSeries Series 1.2.3", "3 NewStudy Study 1.2",
                   "4 NewPatient Patient 1.2"}));
  EXPECT_EQ(told(changes_of(stored(2, {"series"}), {})),
            (Words{"5 NewInstance Instance 1.2.3.4", "6 NewSeries Series 1.2.3"}));
  EXPECT_EQ(told(changes_of(event(3, "instance.stored", {{"instance", "1.2.3.5"}}), {})),
            (Words{"9 NewInstance Instance 1.2.3.5"}));
}

TEST(Changes, CallWhatIsCompleteStable) {
  EXPECT_EQ(told(changes_of(event(1, "series.complete", {{"series", "1.2.3"}}), {})),
            (Words{"1 StableSeries Series 1.2.3"}));
  EXPECT_EQ(told(changes_of(event(2, "study.complete", {}), {})), (Words{"5 StableStudy Study 1.2"}));
  EXPECT_TRUE(changes_of(event(3, "job.queued", {}), {}).empty());
}

TEST(Changes, KeepTheirNumbersWhateverIsAskedFor) {
  EXPECT_EQ(told(changes_of(stored(1, {"patient", "study", "series"}), {"NewStudy"})), (Words{"3 NewStudy Study 1.2"}));
  EXPECT_EQ(events_of_changes({"NewStudy", "NewSeries"}), (Words{"instance.stored"}));
  EXPECT_EQ(events_of_changes({}).size(), 3u);
}

TEST(Changes, GoOnInTheMiddleOfAnEvent) {
  EXPECT_EQ(read_whole_up_to(0), 0);
  EXPECT_EQ(read_whole_up_to(3), 0);
  EXPECT_EQ(read_whole_up_to(4), 1);
  EXPECT_EQ(read_whole_up_to(5), 1);
  EXPECT_EQ(end_of(1), 4);
}

TEST(Changes, SurviveFieldsOfAnotherShape) {
  EXPECT_EQ(told(changes_of(event(1, "instance.stored", {{"first_of", 7}, {"instance", {1}}}), {})),
            (Words{"1 NewInstance Instance "}));
}

}  // namespace
}  // namespace larmor::events

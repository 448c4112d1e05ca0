#include "services/import/core/arrivals.h"

#include <gmock/gmock.h>

namespace larmor::importing {
namespace {

using events::Event;
using ::testing::HasSubstr;

const Time kStart = Time{} + std::chrono::hours(24 * 20000);

/// Writes a log by hand, and keeps it for replays.
class Story {
 public:
  Time now = kStart;
  std::vector<Event> log;

  void happens(std::string type, std::string study, Json fields) {
    Event e;
    e.type = std::move(type), e.study = StudyUid(std::move(study)), e.fields = std::move(fields);
    e.seq = static_cast<events::Seq>(log.size()) + 1, e.at = now;
    log.push_back(e);
    arrivals.apply(e);
  }
  void stored(const std::string& study, const std::string& association = "a1", const Json& more = Json::object()) {
    Json fields = {{"series", study + ".1"},
                   {"way", "c-store"},
                   {"sender", "PACS"},
                   {"address", "10.0.0.5"},
                   {"association", association}};
    fields.update(more);
    happens("instance.stored", study, fields);
  }
  void opened(const std::string& association) {
    happens("association.opened", "", {{"association", association}, {"calling", "PACS"}, {"address", "10.0.0.5"}});
  }
  void closed(const std::string& association) { happens("association.closed", "", {{"association", association}}); }
  /// Steps, and lets what was said come back through the log.
  std::vector<events::NewEvent> said() {
    auto step = arrivals.step(now);
    for (const auto& s : step.say) happens(s.type, s.study.str(), s.fields);
    asked = step.ask;
    return step.say;
  }
  static std::vector<std::string> types(const std::vector<events::NewEvent>& events) {
    std::vector<std::string> names;
    for (const auto& e : events) names.push_back(e.type);
    return names;
  }

  Policy policy;
  Arrivals arrivals{policy};
  std::vector<StudyUid> asked;
};

using Types = std::vector<std::string>;

TEST(Arrivals, SayThatSeriesAndStudyAreCompleteAfterSilence) {
  Story s;
  s.opened("a1");
  for (int i = 0; i < 176; ++i) s.stored("1.2");
  s.closed("a1");
  s.now += 4s;
  EXPECT_TRUE(s.said().empty());
  s.now += 1s;
  const auto said = s.said();
  ASSERT_EQ(Story::types(said), (Types{"series.complete", "study.complete"}));
  EXPECT_EQ(said[0].fields["reason"], "nothing arrived for 5.0 s; no association of the sender is open")
      << "no archive was asked";
  EXPECT_EQ(said[1].fields["generation"], 1);
  EXPECT_EQ(said[1].fields["instances"], 176);
  EXPECT_EQ(said[1].fields["clue"], "quiet");
  EXPECT_EQ(said[1].key, "study.complete/1.2/1");
  s.now += 100s;
  EXPECT_TRUE(s.said().empty());
}

TEST(Arrivals, DoNotCompleteAStudyWhileASeriesStillArrives) {
  Story s;
  s.opened("a1");
  s.stored("1.2");
  s.now += 30s;  // the association is open: the sender takes its time
  EXPECT_TRUE(s.said().empty());
  s.stored("1.2");
  s.closed("a1");
  s.opened("a2");  // the same sender again, not yet known with what
  s.now += 30s;
  EXPECT_TRUE(s.said().empty());
  s.closed("a2");
  EXPECT_EQ(Story::types(s.said()), (Types{"series.complete", "study.complete"}));
}

TEST(Arrivals, LetOneStuckStudyHoldUpNoOther) {
  Story s;
  s.opened("a1");
  s.stored("1.2");
  s.happens("association.opened", "", {{"association", "b1"}, {"calling", "CT2"}, {"address", "10.0.0.9"}});
  s.stored("1.3", "b1", {{"sender", "CT2"}, {"address", "10.0.0.9"}});
  s.happens("association.closed", "", {{"association", "b1"}});
  s.now += 6s;
  const auto said = s.said();
  ASSERT_EQ(said.size(), 2u);
  EXPECT_EQ(said[1].study.str(), "1.3");
}

TEST(Arrivals, DoNotWaitForASenderThatGoesOnWithAnotherStudy) {
  Story s;
  s.opened("a1");
  s.stored("1.2");
  s.stored("1.3");
  s.now += 6s;
  s.stored("1.3");
  const auto said = s.said();
  ASSERT_EQ(said.size(), 2u);
  EXPECT_EQ(said[1].study.str(), "1.2");
  EXPECT_THAT(said[1].fields["reason"].get<std::string>(), HasSubstr("moved on"));
}

TEST(Arrivals, TellLateImagesAndCompleteTheStudyAgain) {
  Story s;
  s.stored("1.2");
  s.now += 5s;
  s.said();
  s.now += 20s;
  s.stored("1.2");
  auto said = s.said();
  ASSERT_EQ(Story::types(said), Types{"study.late"});
  EXPECT_EQ(said[0].fields["generation"], 1);
  s.now += 5s;
  said = s.said();
  ASSERT_EQ(Story::types(said), (Types{"series.complete", "study.complete"}));
  EXPECT_EQ(said[1].fields["generation"], 2);
  EXPECT_EQ(said[1].fields["instances"], 2);
}

TEST(Arrivals, CountAnImageThatSlippedInBeforeTheWordCompleteAsLate) {
  Story s;
  s.stored("1.2");
  s.now += 5s;
  const auto step = s.arrivals.step(s.now);
  s.stored("1.2");  // reached the log first
  for (const auto& e : step.say) s.happens(e.type, e.study.str(), e.fields);
  EXPECT_EQ(Story::types(s.said()), Types{"study.late"});
  Arrivals restarted{s.policy};
  for (const auto& e : s.log) restarted.apply(e);
  EXPECT_EQ(restarted.views(s.now).size(), 1u);
}

TEST(Arrivals, IgnoreResultsOfOurOwn) {
  Story s;
  s.stored("1.2", "", {{"way", "result"}});
  s.now += 60s;
  EXPECT_TRUE(s.said().empty());
}

/// An earlier study is fetched for a comparison: three images come while it is asked for.
Story fetched() {
  Story s;
  s.happens("prior.requested", "1.1", {{"job", "j1"}});
  for (int i = 0; i < 3; ++i) s.stored("1.1", "a1", {{"instance", fmt::format("1.1.1.{}", i)}});
  s.happens("prior.arrived", "1.1", {{"job", "j1"}, {"instances", 3}});
  return s;
}

TEST(Arrivals, DoNotCountAnEarlierStudyThatWasAskedFor) {
  auto s = fetched();
  EXPECT_TRUE(s.arrivals.views(s.now).empty());
  s.now += 3600s;
  EXPECT_TRUE(s.said().empty());
}

TEST(Arrivals, CountWhatIsSentOfItAfterwards) {
  auto s = fetched();
  s.now += 1s;
  s.stored("1.1", "a2", {{"instance", "1.1.2.1"}});
  s.now += 5s;
  EXPECT_EQ(Story::types(s.said()), (Types{"series.complete", "study.complete"}));
}

TEST(Arrivals, CountTheSameImagesWhenSomebodySendsThemAfterAll) {
  auto s = fetched();
  s.now += 1s;
  for (int i = 0; i < 3; ++i)
    s.happens("instance.duplicate", "1.1", {{"series", "1.1.1"}, {"instance", fmt::format("1.1.1.{}", i)}});
  s.now += 5s;
  const auto said = s.said();
  ASSERT_EQ(Story::types(said), (Types{"series.complete", "study.complete"}));
  EXPECT_EQ(said[1].fields["instances"], 3);
  s.happens("instance.duplicate", "1.1", {{"series", "1.1.1"}, {"instance", "1.1.1.0"}});
  s.now += 5s;
  EXPECT_TRUE(s.said().empty()) << "once is enough";
}

TEST(Arrivals, CountAgainWhenNobodyLivedToSayThatItIsHere) {
  Story s;
  s.happens("prior.requested", "1.1", {{"job", "j1"}});
  s.now += s.policy.most_wait + 1s;
  s.stored("1.1");
  s.now += 5s;
  EXPECT_EQ(Story::types(s.said()), (Types{"series.complete", "study.complete"}));
}

TEST(Arrivals, AreReadAgainFromWhereAnEarlierStudyWasAskedFor) {
  Story s;
  s.now += 1s;
  s.happens("prior.requested", "1.1", {{"job", "j1"}});
  s.stored("1.1", "a1", {{"instance", "1.1.1.1"}});
  EXPECT_EQ(s.arrivals.settled(2), 0);
  s.happens("prior.arrived", "1.1", {{"job", "j1"}});
  EXPECT_EQ(s.arrivals.settled(3), 3);
}

TEST(Arrivals, AreNotMovedByTheSameBytesAgain) {
  Story s;
  s.stored("1.2");
  s.now += 5s;
  s.said();
  s.happens("instance.duplicate", "1.2", {{"series", "1.2.1"}, {"way", "c-store"}});
  s.now += 60s;
  EXPECT_TRUE(s.said().empty());
}

TEST(Arrivals, AreTheSameAfterARestartInMidArrival) {
  Story s;
  s.stored("1.1");
  s.now += 5s;
  s.said();
  s.stored("1.2");
  s.stored("1.2");
  const auto from = s.arrivals.settled(s.log.back().seq);
  Arrivals restarted{s.policy};
  for (const auto& e : s.log)
    if (e.seq > from) restarted.apply(e);
  s.now += 5s;
  const auto before = s.arrivals.step(s.now).say, after = restarted.step(s.now).say;
  ASSERT_EQ(after.size(), before.size());
  for (std::size_t i = 0; i < after.size(); ++i) EXPECT_EQ(after[i].key, before[i].key);
}

TEST(Arrivals, AskTheArchiveOnceAndAgainLaterWhenItListsMore) {
  Story s;
  s.policy.ask_archive = true;
  s.arrivals = Arrivals(s.policy);
  s.stored("1.2");
  s.now += 1s;
  s.said();
  EXPECT_EQ(s.asked.size(), 1u);
  s.now += 1s;
  s.said();
  EXPECT_TRUE(s.asked.empty());
  s.arrivals.archive_says(StudyUid("1.2"), ArchiveCount{{{SeriesUid("1.2.1"), 2}}}, s.now, s.now);
  EXPECT_TRUE(s.said().empty());
  s.now += 5s;
  s.said();
  EXPECT_EQ(s.asked.size(), 1u);
  s.arrivals.archive_says(StudyUid("1.2"), ArchiveCount{{{SeriesUid("1.2.1"), 2}}}, s.now, s.now);
  s.stored("1.2");
  s.now += 1s;
  s.said();
  EXPECT_EQ(s.asked.size(), 1u);
  s.arrivals.archive_says(StudyUid("1.2"), ArchiveCount{{{SeriesUid("1.2.1"), 2}}}, s.now, s.now);
  const auto said = s.said();
  ASSERT_EQ(said.size(), 2u);
  EXPECT_EQ(said[1].fields["clue"], "archive_count");
}

TEST(Arrivals, DistrustACountThatIsOlderThanTheNewestImage) {
  Story s;
  s.policy.ask_archive = true;
  s.arrivals = Arrivals(s.policy);
  s.stored("1.2");
  s.now += 1s;
  const auto asked = s.now;
  s.said();
  s.now += 100ms;
  s.stored("1.2");
  s.now += 1s;
  s.said();
  EXPECT_TRUE(s.asked.empty());  // the first question is still on its way
  s.arrivals.archive_says(StudyUid("1.2"), ArchiveCount{{{SeriesUid("1.2.1"), 1}}}, asked, s.now);
  EXPECT_TRUE(s.said().empty());
  EXPECT_EQ(s.asked.size(), 1u);
}

TEST(Arrivals, WaitLongerForHolesBetweenSlices) {
  Story s;
  for (int i = 0; i < 40; ++i)
    if (i != 17) s.stored("1.2", "a1", {{"position_mm", i * 1.0}, {"orientation", "1\\0\\0\\0\\1\\0"}});
  s.now += 10s;
  EXPECT_TRUE(s.said().empty());
  EXPECT_THAT(s.arrivals.views(s.now).at(0).waiting_for, HasSubstr("1 slice is missing"));
  s.stored("1.2", "a1", {{"position_mm", 17.0}, {"orientation", "1\\0\\0\\0\\1\\0"}});
  s.now += 5s;
  EXPECT_EQ(s.said().size(), 2u);
}

}  // namespace
}  // namespace larmor::importing

#include "services/events/events.h"

#include <gtest/gtest.h>

#include <fstream>
#include <thread>

#include "net/test_ways.h"
#include "services/events/make.h"
#include "services/events/rest/remote.h"
#include "services/events/rest/routes.h"

namespace larmor::events {
namespace {

/// Every promise is held to twice: by the log itself, and through its REST API.
class EventLogTest : public testing::TestWithParam<net::testing::Way> {
 protected:
  EventLogTest() { reopen(); }
  void reopen() {
    seen_.close();
    local_.reset();
    auto made = make(directory_.path(), clock_);
    ASSERT_TRUE(made) << to_string(made.error());
    local_ = std::move(*made);
    log_ = &seen_.show(*local_);
  }
  Seq add(std::string type, std::string study = "", std::string key = "", Json fields = {{"n", 1}}) {
    const NewEvent event{std::move(type), "test", StudyUid(std::move(study)), std::move(fields), std::move(key)};
    auto seq = log_->append(std::span(&event, 1), Call{});
    EXPECT_TRUE(seq) << to_string(seq.error());
    return seq.value_or(-1);
  }
  std::vector<Seq> numbers(const Query& query) {
    auto page = log_->read(query, Call{});
    EXPECT_TRUE(page) << to_string(page.error());
    std::vector<Seq> seqs;
    if (page)
      for (const auto& event : page->events) seqs.push_back(event.seq);
    return seqs;
  }

  ManualClock clock_{Time(1'700'000'000s)};
  Scratch directory_;
  std::unique_ptr<EventLog> local_;
  net::testing::Seen<EventLog> seen_{GetParam(), routes, connect};
  EventLog* log_ = nullptr;
};
using Seqs = std::vector<Seq>;

TEST_P(EventLogTest, NumbersEventsFromOneAndKeepsThemOverARestart) {
  EXPECT_EQ(add("a.b"), 1);
  EXPECT_EQ(add("a.c"), 2);
  reopen();
  EXPECT_EQ(add("a.b"), 3);
  EXPECT_EQ(numbers({}), (Seqs{1, 2, 3}));
  const auto first = log_->read({}, Call{})->events.front();
  EXPECT_EQ(first.at, Time(1'700'000'000s));
  EXPECT_EQ(first.fields.at("n"), 1);
}

TEST_P(EventLogTest, StoresTheSameKeyOnceAndAnswersItsNumber) {
  EXPECT_EQ(add("a.b", "1.2", "key"), 1);
  EXPECT_EQ(add("a.b", "1.2"), 2);
  EXPECT_EQ(add("a.b", "1.2", "key"), 1);
  EXPECT_EQ(add("a.b", "1.2"), 3);
  EXPECT_EQ(numbers({}), (Seqs{1, 2, 3}));
}

TEST_P(EventLogTest, AppendsAllOfABatchOrNothingOfIt) {
  std::vector<NewEvent> batch(3, NewEvent{"a.b", "test", {}, Json::object(), ""});
  batch[2].type = "wrong";
  EXPECT_FALSE(log_->append(batch, Call{}));
  EXPECT_EQ(numbers({}), Seqs{});
}

TEST_P(EventLogTest, FindsByStudyAndByTypeInOrder) {
  add("job.queued", "1.1");
  add("job.started", "1.2");
  add("rule.matched", "1.1");
  add("job.queued", "1.2");
  add("jobs.other", "1.1");
  EXPECT_EQ(numbers({.study = StudyUid("1.1")}), (Seqs{1, 3, 5}));
  EXPECT_EQ(numbers({.types = {"job."}}), (Seqs{1, 2, 4}));
  EXPECT_EQ(numbers({.types = {"job.queued", "rule."}}), (Seqs{1, 3, 4}));
  EXPECT_EQ(numbers({.study = StudyUid("1.1"), .types = {"job."}}), (Seqs{1}));
  EXPECT_EQ(numbers({.after = 1, .limit = 1, .types = {"job."}}), (Seqs{2}));
  EXPECT_EQ(numbers({.types = {"unheard.of"}}), Seqs{});
  reopen();
  EXPECT_EQ(numbers({.types = {"job."}}), (Seqs{1, 2, 4}));
}

TEST_P(EventLogTest, ReadsBackwardsFromTheEndOrFromANumber) {
  for (const auto* type : {"job.queued", "rule.matched", "job.started", "job.finished"}) add(type, "1.1");
  for (int again = 0; again < 2; ++again) {
    EXPECT_EQ(numbers({.newest_first = true, .limit = 2}), (Seqs{4, 3}));
    EXPECT_EQ(numbers({.before = 3, .newest_first = true}), (Seqs{2, 1}));
    EXPECT_EQ(numbers({.after = 1, .before = 4, .newest_first = true, .types = {"job."}}), (Seqs{3}));
    EXPECT_EQ(numbers({.newest_first = true, .limit = 2, .study = StudyUid("1.1"), .types = {"job."}}), (Seqs{4, 3}));
    EXPECT_EQ(numbers({.before = 3}), (Seqs{1, 2}));
    EXPECT_EQ(numbers({.before = 1, .newest_first = true, .wait = 20s}), Seqs{});
    reopen();
  }
  EXPECT_EQ(log_->read({.before = -1}, Call{}).error().field, "before");
}

TEST_P(EventLogTest, ChoosesByAnythingThatAnEventSays) {
  add("rule.matched", "1.1", "k1", {{"rule", "brain"}, {"jobs", {"j1", "j2"}}});
  add("rule.skipped", "1.1", "k2", {{"rule", "brain"}, {"generation", 2}});
  add("rule.skipped", "1.2", "k3", {{"rule", "spine"}});
  for (int again = 0; again < 2; ++again) {
    EXPECT_EQ(numbers({.fields = {{"rule", "brain"}}}), (Seqs{1, 2}));
    EXPECT_EQ(numbers({.fields = {{"rule", "brain"}, {"generation", "2"}}}), Seqs{2});
    EXPECT_EQ(numbers({.fields = {{"jobs", "j2"}}}), Seqs{1});
    EXPECT_EQ(numbers({.fields = {{"key", "k3"}}}), Seqs{3});
    EXPECT_EQ(numbers({.fields = {{"service", "nobody"}}}), Seqs{});
    EXPECT_EQ(numbers({.newest_first = true, .types = {"rule.skipped"}, .fields = {{"service", "test"}}}),
              (Seqs{3, 2}));
    reopen();
  }
  EXPECT_EQ(log_->read({.fields = std::vector<FieldIs>(21)}, Call{}).error().field, "field");
}

TEST_P(EventLogTest, LooksAtSoManyEventsForAPageAndSaysWhereToGoOn) {
  std::vector<NewEvent> batch(20'000, NewEvent{"a.b", "test", {}, {{"n", 1}}, ""});
  ASSERT_TRUE(log_->append(batch, Call::within(60s)));
  ASSERT_TRUE(log_->append(batch, Call::within(60s)));
  add("a.c", "", "", {{"n", 2}});
  Query query{.fields = {{"n", "2"}}};
  auto page = log_->read(query, Call::within(20s));
  ASSERT_TRUE(page) << to_string(page.error());
  EXPECT_TRUE(page->events.empty());
  EXPECT_EQ(page->next, 20'000);
  for (int pages = 1; page->next > 0; ++pages) {
    ASSERT_LT(pages, 4);
    query.after = page->next;
    page = log_->read(query, Call::within(20s));
  }
  EXPECT_EQ(page->events.size(), 1u);
  page = log_->read({.newest_first = true, .limit = 1, .fields = {{"n", "1"}}}, Call::within(20s));
  EXPECT_EQ(page->next, 40'000);
}

TEST_P(EventLogTest, AnswersMoreTypesThanSqliteCanMerge) {
  std::vector<NewEvent> batch;
  for (int i = 0; i < 200; ++i) batch.push_back({fmt::format("t.n{}", i), "test", {}, {}, ""});
  ASSERT_TRUE(log_->append(batch, Call{}));
  add("other.one");
  EXPECT_EQ(numbers({.types = {"t."}}).size(), 200u);
}

TEST_P(EventLogTest, SaysHowFarItHasLookedSoThatAReaderOfRareTypesMovesOn) {
  for (int i = 0; i < 5; ++i) add("common.one");
  const auto page = log_->read({.types = {"rare.one"}}, Call{});
  EXPECT_TRUE(page->events.empty());
  EXPECT_EQ(page->last, 5);
}

TEST_P(EventLogTest, RefusesALimitBeyondItsBound) {
  EXPECT_EQ(log_->read({.limit = 5001}, Call{}).error().field, "limit");
  EXPECT_EQ(log_->read({.limit = 0}, Call{}).error().field, "limit");
}

TEST_P(EventLogTest, WakesALongPollWhenAnEventOfItsTypeArrives) {
  add("a.b");
  std::thread writer([&] {
    for (int i = 0; i < 20; ++i) add("noise.made");
    add("a.c");
  });
  const auto page = log_->read({.after = 1, .types = {"a."}, .wait = 20s}, Call::within(25s));
  writer.join();
  ASSERT_EQ(page->events.size(), 1u);
  EXPECT_EQ(page->events[0].type, "a.c");
}

TEST_P(EventLogTest, EndsALongPollEmptyWhenItsTimeIsOver) {
  const auto page = log_->read({.wait = 20ms}, Call{});
  ASSERT_TRUE(page);
  EXPECT_TRUE(page->events.empty());
}

TEST_P(EventLogTest, NeverShowsANumberBelowOneAlreadyRead) {
  constexpr Seq kWriters = 8, kEach = 200;
  std::vector<std::thread> writers;
  for (int w = 0; w < kWriters; ++w)
    writers.emplace_back([&] {
      for (int i = 0; i < kEach; ++i) add("a.b");
    });
  Seq after = 0;
  while (after < kWriters * kEach) {
    const auto page = log_->read({.after = after, .limit = 7, .wait = 10s}, Call{});
    ASSERT_TRUE(page);
    ASSERT_FALSE(page->events.empty());
    for (const auto& event : page->events) ASSERT_EQ(event.seq, ++after);
  }
  for (auto& writer : writers) writer.join();
}

TEST_P(EventLogTest, MovesACursorForwardOnlyAndKeepsIt) {
  EXPECT_EQ(log_->cursor("import", Call{}).value(), 0);
  ASSERT_TRUE(log_->advance("import", 7, Call{}));
  ASSERT_TRUE(log_->advance("import", 3, Call{}));
  reopen();
  EXPECT_EQ(log_->cursor("import", Call{}).value(), 7);
  EXPECT_FALSE(log_->advance("", 3, Call{}));
}

TEST_P(EventLogTest, ReplacesBytesThatAreNoUtf8InsteadOfFailing) {
  const NewEvent event{"a.b", "test", {}, {{"odd", "M\xfcller"}}, ""};
  ASSERT_TRUE(log_->append(std::span(&event, 1), Call{}));
  EXPECT_EQ(log_->read({}, Call{})->events.at(0).fields.at("odd"), "M\uFFFDller");
}

TEST_P(EventLogTest, GivesTheSameEventsBack) {
  const Json fields{{"reason", "ä \"quoted\""}};
  EXPECT_EQ(add("job.queued", "1.2", "k", fields), 1);
  EXPECT_EQ(add("job.queued", "1.2", "k", fields), 1);
  EXPECT_EQ(add("rule.matched", "1.3"), 2);
  const auto page = log_->read({.study = StudyUid("1.2"), .types = {"job.", "rule."}}, Call{});
  ASSERT_TRUE(page) << to_string(page.error());
  ASSERT_EQ(page->events.size(), 1u);
  EXPECT_EQ(page->events[0].fields.at("reason"), "ä \"quoted\"");
  EXPECT_EQ(page->events[0].at, clock_.now());
  EXPECT_EQ(page->last, 2);
  EXPECT_EQ(log_->cursor("a reader", Call{}).value(), 0);
  ASSERT_TRUE(log_->advance("a reader", 2, Call{}));
  EXPECT_EQ(log_->cursor("a reader", Call{}).value(), 2);
}

TEST_P(EventLogTest, WakesALongPollWhenSomebodyElseAppends) {
  std::thread writer([&] {
    std::this_thread::sleep_for(50ms);
    const NewEvent event{"a.b", "test", {}, Json::object(), ""};
    EXPECT_TRUE(local_->append(std::span(&event, 1), Call{}));
  });
  const auto page = log_->read({.wait = 10s}, Call::within(12s));
  writer.join();
  ASSERT_TRUE(page) << to_string(page.error());
  EXPECT_EQ(page->events.size(), 1u);
}

TEST_P(EventLogTest, PointsAtTheWrongField) {
  const NewEvent wrong{"no type", "test", {}, Json::object(), ""};
  const auto outcome = log_->append(std::span(&wrong, 1), Call{});
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, Code::invalid);
  EXPECT_EQ(outcome.error().field, "/items/0/type");
}

INSTANTIATE_TEST_SUITE_P(Contract, EventLogTest, net::testing::kWays, net::testing::name_of);

TEST(ALogFile, ThatIsNoDatabaseSaysSo) {
  const Scratch directory;
  const ManualClock clock{Time(1'700'000'000s)};
  std::ofstream(directory.path() / "events.db") << std::string(5000, 'x');
  EXPECT_EQ(make(directory.path(), clock).error().code, Code::corrupt);
}

}  // namespace
}  // namespace larmor::events

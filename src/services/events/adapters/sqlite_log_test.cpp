#include "services/events/adapters/sqlite_log.h"

#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <thread>

#include "services/events/make.h"

namespace larmor::events {
namespace {

class EventLogTest : public testing::Test {
 protected:
  void SetUp() override {
    directory_ = std::filesystem::temp_directory_path() / ("larmor_events_" + random_name());
    reopen();
  }
  void TearDown() override {
    log_.reset();
    std::filesystem::remove_all(directory_);
  }
  static std::string random_name() {
    static std::atomic<int> count{0};
    return fmt::format("{}_{}", ::getpid(), ++count);
  }
  void reopen() {
    log_.reset();
    auto made = make(directory_, clock_);
    ASSERT_TRUE(made) << to_string(made.error());
    log_ = std::move(*made);
  }
  Seq add(std::string type, std::string study = "", std::string key = "") {
    const NewEvent event{std::move(type), "test", StudyUid(std::move(study)), {{"n", 1}}, std::move(key)};
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
  std::filesystem::path directory_;
  std::unique_ptr<EventLog> log_;
};
using Seqs = std::vector<Seq>;

TEST_F(EventLogTest, NumbersEventsFromOneAndKeepsThemOverARestart) {
  EXPECT_EQ(add("a.b"), 1);
  EXPECT_EQ(add("a.c"), 2);
  reopen();
  EXPECT_EQ(add("a.b"), 3);
  EXPECT_EQ(numbers({}), (Seqs{1, 2, 3}));
  const auto first = log_->read({}, Call{})->events.front();
  EXPECT_EQ(first.at, Time(1'700'000'000s));
  EXPECT_EQ(first.fields.at("n"), 1);
}

TEST_F(EventLogTest, StoresTheSameKeyOnceAndAnswersItsNumber) {
  EXPECT_EQ(add("a.b", "1.2", "key"), 1);
  EXPECT_EQ(add("a.b", "1.2"), 2);
  EXPECT_EQ(add("a.b", "1.2", "key"), 1);
  EXPECT_EQ(add("a.b", "1.2"), 3);
  EXPECT_EQ(numbers({}), (Seqs{1, 2, 3}));
}

TEST_F(EventLogTest, AppendsAllOfABatchOrNothingOfIt) {
  std::vector<NewEvent> batch(3, NewEvent{"a.b", "test", {}, Json::object(), ""});
  batch[2].type = "wrong";
  EXPECT_FALSE(log_->append(batch, Call{}));
  EXPECT_EQ(numbers({}), Seqs{});
}

TEST_F(EventLogTest, FindsByStudyAndByTypeInOrder) {
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

TEST_F(EventLogTest, AnswersMoreTypesThanSqliteCanMerge) {
  std::vector<NewEvent> batch;
  for (int i = 0; i < 200; ++i) batch.push_back({fmt::format("t.n{}", i), "test", {}, {}, ""});
  ASSERT_TRUE(log_->append(batch, Call{}));
  add("other.one");
  EXPECT_EQ(numbers({.types = {"t."}}).size(), 200u);
}

TEST_F(EventLogTest, SaysHowFarItHasLookedSoThatAReaderOfRareTypesMovesOn) {
  for (int i = 0; i < 5; ++i) add("common.one");
  const auto page = log_->read({.types = {"rare.one"}}, Call{});
  EXPECT_TRUE(page->events.empty());
  EXPECT_EQ(page->last, 5);
}

TEST_F(EventLogTest, RefusesALimitBeyondItsBound) {
  EXPECT_EQ(log_->read({.limit = 5001}, Call{}).error().field, "limit");
  EXPECT_EQ(log_->read({.limit = 0}, Call{}).error().field, "limit");
}

TEST_F(EventLogTest, WakesALongPollWhenAnEventOfItsTypeArrives) {
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

TEST_F(EventLogTest, EndsALongPollEmptyWhenItsTimeIsOver) {
  const auto page = log_->read({.wait = 20ms}, Call{});
  ASSERT_TRUE(page);
  EXPECT_TRUE(page->events.empty());
}

TEST_F(EventLogTest, NeverShowsANumberBelowOneAlreadyRead) {
  constexpr int kWriters = 8, kEach = 200;
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

TEST_F(EventLogTest, MovesACursorForwardOnlyAndKeepsIt) {
  EXPECT_EQ(log_->cursor("import", Call{}).value(), 0);
  ASSERT_TRUE(log_->advance("import", 7, Call{}));
  ASSERT_TRUE(log_->advance("import", 3, Call{}));
  reopen();
  EXPECT_EQ(log_->cursor("import", Call{}).value(), 7);
  EXPECT_FALSE(log_->advance("", 3, Call{}));
}

TEST_F(EventLogTest, ReplacesBytesThatAreNoUtf8InsteadOfFailing) {
  const NewEvent event{"a.b", "test", {}, {{"odd", "M\xfcller"}}, ""};
  ASSERT_TRUE(log_->append(std::span(&event, 1), Call{}));
  EXPECT_EQ(log_->read({}, Call{})->events.at(0).fields.at("odd"), "M\uFFFDller");
}

TEST_F(EventLogTest, SaysSoWhenItsFileIsNoDatabase) {
  log_.reset();
  std::ofstream(directory_ / "events.db") << std::string(5000, 'x');
  EXPECT_EQ(make(directory_, clock_).error().code, Code::corrupt);
}

}  // namespace
}  // namespace larmor::events

#include "services/dispatch/dispatch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "base/test_support.h"
#include "net/test_ways.h"
#include "services/dispatch/adapters/sqlite_jobs.h"
#include "services/dispatch/rest/remote.h"
#include "services/dispatch/rest/routes.h"
#include "services/events/testing/memory_log.h"

namespace larmor::dispatch {
namespace {

Call now_or_never() {
  return Call::within(0s);
}

/// Every promise is held to twice: by the service itself, and through its REST API.
class Jobs : public testing::TestWithParam<net::testing::Way> {
 protected:
  Jobs() { reopen(); }
  ~Jobs() override { close(); }

  void close() {
    seen.close();
    local.reset();
  }
  void reopen() {
    close();
    std::filesystem::create_directories(folder);
    local = std::move(*SqliteJobs::open(folder / "jobs.db", options, log, clock));
    jobs = &seen.show(*local);
  }
  JobId enqueue(const std::string& queue, Priority priority = Priority::routine, const std::string& key = "") {
    return jobs->enqueue({queue, StudyUid("1.2.3"), priority, {{"n", 1}}}, Call::within(1s, key)).value();
  }
  std::optional<Lease> claim(const std::string& worker = "w1", const std::string& queue = "*") {
    return jobs->claim({WorkerId(worker), {queue}}, now_or_never()).value();
  }
  State state(const JobId& id) { return jobs->job(id, {})->state; }
  std::vector<std::string> told() {
    EXPECT_TRUE(local->tend());
    std::vector<std::string> types;
    for (const auto& e : log.all()) types.push_back(e.type);
    return types;
  }

  Scratch scratch;
  const std::filesystem::path folder = scratch.path();
  JobsOptions options{.lease = 30s, .retry = {3, 5s, 60s}, .head_start = 30min, .max_open = 1000, .seed = 7};
  ManualClock clock{Time(1'800'000'000s)};
  events::MemoryLog log;
  std::unique_ptr<SqliteJobs> local;
  net::testing::Seen<Dispatch> seen{GetParam(), routes, connect};
  Dispatch* jobs = nullptr;
};

TEST_P(Jobs, RunFromTheQueueToTheEnd) {
  const auto id = enqueue("pipeline/brain");
  const auto lease = claim();
  ASSERT_TRUE(lease);
  EXPECT_EQ(lease->job, id);
  EXPECT_EQ(lease->attempt, 1);
  EXPECT_EQ(lease->work.arguments["n"], 1);
  EXPECT_TRUE(jobs->renew(*lease, {0.5, "segmenting"}, {}));
  EXPECT_EQ(jobs->job(id, {})->progress.step, "segmenting");
  clock.advance(7s);
  ASSERT_TRUE(jobs->finish(*lease, {{}, {}, {{"answer", 42}}}, {}));
  const auto job = jobs->job(id, {}).value();
  EXPECT_EQ(job.state, State::done);
  EXPECT_EQ(job.result["answer"], 42);
  ASSERT_EQ(job.attempts.size(), 1u);
  EXPECT_EQ(job.attempts[0].worker, WorkerId("w1"));
  EXPECT_FALSE(claim());
  EXPECT_THAT(told(), testing::ElementsAre("job.queued", "job.started", "job.progress", "job.finished"));
  EXPECT_EQ(log.all("job.finished")[0].fields["seconds"], 7.0);
}

TEST_P(Jobs, AreEnqueuedOncePerKey) {
  const auto first = enqueue("pipeline/brain", Priority::routine, "rule/1.2.3/1");
  EXPECT_EQ(enqueue("pipeline/brain", Priority::routine, "rule/1.2.3/1"), first);
  reopen();
  EXPECT_EQ(enqueue("pipeline/brain", Priority::routine, "rule/1.2.3/1"), first);
  EXPECT_NE(enqueue("pipeline/brain", Priority::routine, "rule/1.2.3/2"), first);
  EXPECT_EQ(told().size(), 2u);
}

TEST_P(Jobs, GoMostUrgentThenOldestFirst) {
  const auto low = enqueue("q", Priority::low);
  clock.advance(1s);
  const auto routine = enqueue("q");
  clock.advance(1s);
  const auto later = enqueue("q");
  clock.advance(1s);
  const auto urgent = enqueue("other", Priority::urgent);
  std::vector<JobId> order;
  while (const auto lease = claim()) order.push_back(lease->job);
  EXPECT_THAT(order, testing::ElementsAre(urgent, routine, later, low));
}

TEST_P(Jobs, GoOnlyToWorkersThatCanRunThem) {
  enqueue("export/archive");
  EXPECT_FALSE(claim("w1", "pipeline/*"));
  EXPECT_TRUE(claim("w1", "export/archive"));
}

TEST_P(Jobs, OfADeadWorkerGoToAnotherOneAndItsLateWordsAreRefused) {
  const auto id = enqueue("q");
  const auto dead = claim("w1");
  clock.advance(30s);
  EXPECT_FALSE(claim("w2")) << "a lost job waits for its back-off";
  clock.advance(5s);
  const auto living = claim("w2");
  ASSERT_TRUE(living);
  EXPECT_EQ(living->attempt, 2);
  for (const auto& refused : {jobs->finish(*dead, {}, {}), jobs->release(*dead, {})}) {
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Code::conflict);
  }
  EXPECT_EQ(jobs->renew(*dead, {}, {}).error().code, Code::conflict);
  EXPECT_TRUE(jobs->finish(*living, {}, {}));
  const auto job = jobs->job(id, {}).value();
  ASSERT_EQ(job.attempts.size(), 2u);
  EXPECT_THAT(job.attempts[0].error->what, testing::HasSubstr("w1 was not heard of"));
}

TEST_P(Jobs, RefuseTheWordOfALostWorkerEvenBeforeAnotherTakesOver) {
  enqueue("q");
  const auto lease = claim("w1");
  clock.advance(31s);
  ASSERT_TRUE(local->tend());
  EXPECT_EQ(jobs->finish(*lease, {}, {}).error().code, Code::conflict);
}

TEST_P(Jobs, AreKeptByHeartbeats) {
  enqueue("q");
  auto lease = claim("w1");
  for (int i = 0; i < 10; ++i) {
    clock.advance(20s);
    const auto renewed = jobs->renew(*lease, {}, {});
    ASSERT_TRUE(renewed);
    EXPECT_EQ(renewed->expires, clock.now() + 30s);
  }
  EXPECT_FALSE(claim("w2"));
}

TEST_P(Jobs, ThatKillEveryWorkerDieInTheEnd) {
  const auto id = enqueue("q");
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(claim()) << i;
    clock.advance(10min);
    ASSERT_TRUE(local->tend());
    clock.advance(10min);
  }
  EXPECT_EQ(state(id), State::dead);
  EXPECT_FALSE(claim());
}

TEST_P(Jobs, RetryWhatMayPassAndKeepTheLastWords) {
  const auto id = enqueue("q");
  const Error away{Code::unavailable, "the archive is away", "Wait.", ""};
  ASSERT_TRUE(jobs->finish(*claim(), {away, std::string(10'000, 'x') + "the end"}, {}));
  EXPECT_EQ(state(id), State::waiting);
  EXPECT_EQ(jobs->job(id, {})->attempts[0].last_words.size(), 4096u);
  EXPECT_TRUE(jobs->job(id, {})->attempts[0].last_words.ends_with("the end"));
  EXPECT_EQ(jobs->job(id, {})->attempts[0].error->code, Code::unavailable);
  clock.advance(5s);
  EXPECT_EQ(claim()->attempt, 2);
}

TEST_P(Jobs, DieAtOnceWhenTheInputIsWrongAndComeBackOnlyByAnOperator) {
  const auto id = enqueue("q");
  ASSERT_TRUE(jobs->finish(*claim(), {Error{Code::invalid, "no images", {}, {}}, "bye"}, {}));
  EXPECT_EQ(state(id), State::dead);
  EXPECT_EQ(jobs->depths({})->at(0).dead, 1);
  ASSERT_TRUE(jobs->revive(id, {}));
  EXPECT_EQ(jobs->revive(id, {}).error().code, Code::conflict);
  const auto again = claim();
  ASSERT_TRUE(again);
  EXPECT_EQ(again->attempt, 1);
  EXPECT_EQ(jobs->job(id, {})->attempts.size(), 2u) << "history is kept";
  EXPECT_THAT(told(), testing::ElementsAre("job.queued", "job.started", "job.dead", "job.revived", "job.started"));
  EXPECT_EQ(log.all("job.dead")[0].fields["last_words"], "bye");
}

TEST_P(Jobs, GivenBackInAnOrderlyShutdownCountNoAttempt) {
  const auto id = enqueue("q");
  ASSERT_TRUE(jobs->release(*claim("w1"), {}));
  EXPECT_TRUE(jobs->job(id, {})->attempts.empty());
  EXPECT_EQ(claim("w2")->attempt, 1);
}

TEST_P(Jobs, CancelledWhileRunningTakeNoOutcome) {
  const auto id = enqueue("q");
  const auto lease = claim();
  ASSERT_TRUE(jobs->cancel(id, {}));
  EXPECT_EQ(jobs->renew(*lease, {}, {}).error().code, Code::conflict);
  EXPECT_EQ(jobs->finish(*lease, {}, {}).error().code, Code::conflict);
  EXPECT_EQ(state(id), State::cancelled);
  EXPECT_FALSE(claim());
}

TEST_P(Jobs, TakeARepeatedFinishAsTheSameOne) {
  const auto id = enqueue("q");
  const auto lease = claim();
  ASSERT_TRUE(jobs->finish(*lease, {}, {}));
  EXPECT_TRUE(jobs->finish(*lease, {}, {}));
  EXPECT_EQ(state(id), State::done);
  EXPECT_EQ((told(), log.all("job.finished").size()), 1u);
}

TEST_P(Jobs, RefuseMoreThanTheirBounds) {
  options.max_open = 2;
  options.largest_arguments = 1024;
  reopen();
  enqueue("q");
  const auto second = enqueue("q");
  EXPECT_EQ(jobs->enqueue({"q"}, {}).error().code, Code::unavailable);
  ASSERT_TRUE(jobs->cancel(second, {}));
  EXPECT_TRUE(jobs->enqueue({"q"}, {}));
  const auto large = jobs->enqueue({"q", {}, {}, {{"x", std::string(2000, 'x')}}}, {});
  EXPECT_EQ(large.error().code, Code::too_large);
  EXPECT_EQ(large.error().field, "/arguments");
  EXPECT_EQ(jobs->enqueue({""}, {}).error().field, "/queue");
}

TEST_P(Jobs, AreListedPageByPageNewestFirst) {
  std::vector<JobId> made;
  for (int i = 0; i < 5; ++i) made.insert(made.begin(), enqueue(i % 2 ? "a" : "b"));
  std::vector<JobId> seen;
  std::string after;
  do {
    const auto page = jobs->jobs({.after = after, .limit = 2}, {}).value();
    EXPECT_LE(page.jobs.size(), 2u);
    for (const auto& j : page.jobs) seen.push_back(j.id);
    after = page.next;
  } while (!after.empty());
  EXPECT_EQ(seen, made);
  EXPECT_EQ(jobs->jobs({.queue = "a"}, {})->jobs.size(), 2u);
  EXPECT_EQ(jobs->jobs({.study = StudyUid("1.2.3"), .state = State::waiting}, {})->jobs.size(), 5u);
  EXPECT_TRUE(jobs->jobs({.study = StudyUid("9")}, {})->jobs.empty());
  EXPECT_EQ(jobs->jobs({.after = "nonsense"}, {}).error().field, "/after");
}

TEST_P(Jobs, AreCountedByQueue) {
  enqueue("a");
  clock.advance(1s);
  enqueue("a");
  enqueue("b");
  claim("w", "b");
  const auto depths = jobs->depths({}).value();
  ASSERT_EQ(depths.size(), 2u);
  EXPECT_EQ(depths[0].waiting, 2);
  EXPECT_EQ(depths[0].oldest, clock.now() - 1s);
  EXPECT_EQ(depths[1].running, 1);
  EXPECT_FALSE(depths[1].oldest);
}

TEST_P(Jobs, OfAPausedQueueWaitUntilItIsResumed) {
  const auto first = enqueue("export/archive");
  const auto running = claim();
  ASSERT_TRUE(jobs->pause("export/archive", "ada", {}));
  const auto second = enqueue("export/archive");
  const auto other = enqueue("pipeline/brain");
  EXPECT_EQ(claim()->job, other);
  EXPECT_FALSE(claim());
  EXPECT_TRUE(jobs->finish(*running, {}, {})) << "what ran goes on";
  EXPECT_EQ(state(first), State::done);
  clock.advance(90s);
  ASSERT_TRUE(jobs->resume("export/archive", "rita", {}));
  EXPECT_EQ(claim()->job, second);
  ASSERT_TRUE(local->tend());
  EXPECT_EQ(log.all("queue.paused")[0].fields["by"], "ada");
  EXPECT_EQ(log.all("queue.resumed")[0].fields["by"], "rita");
  EXPECT_EQ(log.all("queue.resumed")[0].fields["paused_s"], 90.0);
}

TEST_P(Jobs, StayPausedOverARestart) {
  ASSERT_TRUE(jobs->pause("pipeline/brain", "ada", {}));
  const auto since = clock.now();
  clock.advance(1s);
  ASSERT_TRUE(jobs->pause("pipeline/brain", "rita", {}));
  reopen();
  enqueue("pipeline/brain");
  EXPECT_FALSE(claim());
  const auto depths = jobs->depths({}).value();
  ASSERT_EQ(depths.size(), 1u);
  EXPECT_EQ(depths[0].waiting, 1);
  EXPECT_EQ(depths[0].paused->by, "ada") << "who came first is told";
  EXPECT_EQ(depths[0].paused->since, since);
  ASSERT_TRUE(jobs->resume("pipeline/brain", "", {}));
  ASSERT_TRUE(jobs->resume("pipeline/brain", "", {}));
  EXPECT_FALSE(jobs->depths({})->at(0).paused);
  EXPECT_THAT(told(), testing::ElementsAre("queue.paused", "job.queued", "queue.resumed"));
}

TEST_P(Jobs, OfAResumedQueueWakeAWaitingWorkerAtOnce) {
  enqueue("q");
  ASSERT_TRUE(jobs->pause("q", "", {}));
  std::optional<Lease> got;
  std::thread worker([&] { got = jobs->claim({WorkerId("w"), {"*"}}, Call::within(20s)).value(); });
  std::this_thread::sleep_for(50ms);
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_TRUE(jobs->resume("q", "", {}));
  worker.join();
  EXPECT_TRUE(got);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 5s);
}

TEST_P(Jobs, NameAWrongQueueThatShallBePaused) {
  for (const auto& name : {std::string("pipeline/*"), std::string(201, 'q')})
    EXPECT_EQ(jobs->pause(name, "", {}).error().field, "/queue");
}

TEST_P(Jobs, WakeAWaitingWorkerAtOnce) {
  std::optional<Lease> got;
  const auto begin = std::chrono::steady_clock::now();
  std::thread worker([&] { got = jobs->claim({WorkerId("w"), {"*"}}, Call::within(20s)).value(); });
  std::this_thread::sleep_for(50ms);
  const auto id = enqueue("q");
  worker.join();
  ASSERT_TRUE(got);
  EXPECT_EQ(got->job, id);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 10s);
}

TEST_P(Jobs, TellEachEventOnceThoughTheLogFailsOrItsAnswerIsLost) {
  enqueue("q");
  log.fail_appends(1);
  EXPECT_FALSE(local->tend());
  EXPECT_TRUE(log.all().empty());
  log.lose_answers(1);
  EXPECT_FALSE(local->tend());
  reopen();
  EXPECT_THAT(told(), testing::ElementsAre("job.queued"));
  claim();
  EXPECT_THAT(told(), testing::ElementsAre("job.queued", "job.started"));
}

INSTANTIATE_TEST_SUITE_P(Contract, Jobs, net::testing::kWays, net::testing::name_of);

}  // namespace
}  // namespace larmor::dispatch

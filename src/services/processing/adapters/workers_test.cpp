// Workers with a real event log, storage and queue; the pipelines are the roles of child_program_test.cpp.
#include "services/processing/adapters/workers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <set>
#include <thread>

#include "base/file.h"
#include "base/random.h"
#include "services/dispatch/make.h"
#include "services/dispatch/settings.h"
#include "services/storage/adapters/test_object.h"

namespace larmor::processing {
namespace {

using dispatch::State;
using testing::HasSubstr;

const StudyUid kStudy("1.2.3");

class AWorker : public testing::Test {
 protected:
  AWorker() : house(scratch.path() / "data") {
    EXPECT_TRUE(settings.set("dispatch.lease_s", {"1", "test"}));
    EXPECT_TRUE(settings.set("dispatch.backoff_base_s", {"0.01", "test"}));
    queue = std::move(*dispatch::make(scratch.path() / "dispatch", settings, *house.events, system_clock()));
    store.emplace(std::move(*ResultStore::open(scratch.path() / "kept")));
    options.executable = "/proc/self/exe";
    options.scratch = scratch.path() / "kept" / "scratch";
    options.pipelines = {"good", "refuses", "explains", "crashes", "waits", "hangs_a_while", "nothing"};
    options.limits.time = 60s;
    for (int i = 1; i <= 3; ++i) put(storage::testing::nth_file(i, {.study = kStudy.str(), .series = "1.2.3.1"}));
  }
  ~AWorker() override { workers.reset(); }

  void put(const std::string& file, const std::string& way = "c-store") {
    ASSERT_TRUE(house.put(file, {way, "PACS", "127.0.0.1", "a"}));
  }
  void start() { workers.emplace(options, *store, Peers{*house.storage, *queue, *house.events, system_clock()}); }
  JobId enqueue(const std::string& role, Json arguments = Json::object()) {
    return queue->enqueue({"pipeline/" + role, kStudy, {}, std::move(arguments)}, {}).value();
  }
  dispatch::Job wait_for(const JobId& id, const std::function<bool(const dispatch::Job&)>& there) {
    for (int i = 0; i < 1500; ++i) {
      auto job = queue->job(id, {}).value();
      if (there(job)) return job;
      std::this_thread::sleep_for(10ms);
    }
    ADD_FAILURE() << "job " << id.str() << " did not get there";
    return queue->job(id, {}).value();
  }
  dispatch::Job ended(const JobId& id) {
    return wait_for(id, [](const dispatch::Job& job) { return job.state == State::done || job.state == State::dead; });
  }
  std::vector<events::Event> told(const std::string& type) { return house.told(type); }

  Scratch scratch;
  storage::testing::House house;
  Settings settings{{dispatch::kSettings.begin(), dispatch::kSettings.end()}};
  std::unique_ptr<dispatch::Dispatch> queue;
  std::optional<ResultStore> store;
  WorkersOptions options;
  std::optional<Workers> workers;
};

TEST_F(AWorker, RunsAJobFromTheImagesToTheResult) {
  const auto made = scratch.path() / "made.dcm";
  ASSERT_TRUE(write_file_durably(
      made, storage::testing::dicom_file(
                {.study = kStudy.str(), .series = "1.2.3.9", .instance = "1.2.3.9.1", .modality = "SEG"})));
  const auto id = enqueue("good", {{"generation", 2}, {"send_to", {"archive"}}, {"made", made.string()}});
  start();
  const auto job = ended(id);
  ASSERT_EQ(job.state, State::done) << job.attempts.at(0).error->what;
  const auto results = store->of(kStudy).value();
  ASSERT_EQ(results.size(), 1u);
  EXPECT_EQ(results[0].job, id);
  EXPECT_EQ(results[0].findings["images"], 3);
  EXPECT_EQ(results[0].version, "9");
  EXPECT_EQ(results[0].generation, 2);
  EXPECT_THAT(results[0].instances, testing::ElementsAre(SopUid("1.2.3.9.1")));
  EXPECT_EQ(store->file(id, "report.pdf", 100).value(), "%PDF-");
  EXPECT_EQ(store->file(id, "../manifest.json", 100).error().code, Code::not_found);
  EXPECT_TRUE(house.storage->instance(SopUid("1.2.3.9.1"), {}));
  const auto stored = told("results.stored");
  ASSERT_EQ(stored.size(), 1u);
  EXPECT_EQ(stored[0].fields["send_to"], Json({"archive"}));
  EXPECT_EQ(stored[0].fields["instances"], Json({"1.2.3.9.1"}));
  EXPECT_EQ(stored[0].fields["generation"], 2);
  EXPECT_EQ(stored[0].study, kStudy);
  EXPECT_TRUE(std::filesystem::is_empty(options.scratch)) << "nothing is left behind";

  // A later run does not take the first one's result for an image, and supersedes it.
  const auto again = enqueue("good", {{"generation", 3}});
  ASSERT_EQ(ended(again).state, State::done);
  const auto both = store->of(kStudy).value();
  ASSERT_EQ(both.size(), 2u);
  EXPECT_EQ(both[0].job, again);
  EXPECT_EQ(both[0].findings["images"], 3);
  EXPECT_FALSE(both[0].superseded);
  EXPECT_TRUE(both[1].superseded);
}

TEST_F(AWorker, LeavesOutWhatLarmorMadeEvenIfItIsAnImage) {
  put(storage::testing::dicom_file({.study = kStudy.str(), .series = "1.2.3.8", .instance = "1.2.3.8.1"}), "result");
  start();
  ended(enqueue("good"));
  EXPECT_EQ(store->of(kStudy)->at(0).findings["images"], 3);
}

TEST_F(AWorker, TakesARefusalForAnAnswerAndNoFailure) {
  start();
  const auto job = ended(enqueue("refuses"));
  EXPECT_EQ(job.state, State::done);
  EXPECT_EQ(job.result["refused"], "this is a melon");
  const auto refused = told("results.refused");
  ASSERT_EQ(refused.size(), 1u);
  EXPECT_EQ(refused[0].fields["reason"], "this is a melon");
  EXPECT_EQ(refused[0].fields["pipeline"], "refuses");
}

TEST_F(AWorker, TriesACrashTwiceAndKeepsItsLastWords) {
  start();
  const auto job = ended(enqueue("crashes"));
  EXPECT_EQ(job.state, State::dead);
  ASSERT_EQ(job.attempts.size(), 2u);
  for (const auto& attempt : job.attempts) {
    EXPECT_THAT(attempt.error->what, HasSubstr("signal 11"));
    EXPECT_THAT(attempt.last_words, HasSubstr("not mine"));
  }
  EXPECT_EQ(ended(enqueue("good")).state, State::done) << "the worker goes on";
}

TEST_F(AWorker, LetsAJobDieAtOnceWhenThePipelineExplainsWhy) {
  start();
  const auto job = ended(enqueue("explains"));
  EXPECT_EQ(job.state, State::dead);
  ASSERT_EQ(job.attempts.size(), 1u);
  EXPECT_EQ(job.attempts[0].error->what, "slices are missing");
}

TEST_F(AWorker, HoldsItsLeaseAsLongAsThePipelineRuns) {
  start();
  const auto job = ended(enqueue("hangs_a_while"));
  EXPECT_EQ(job.state, State::done) << "three times as long as the lease";
  EXPECT_EQ(job.attempts.size(), 1u);
}

TEST_F(AWorker, GivesItsJobBackInAnOrderlyShutdown) {
  start();
  const auto id = enqueue("waits");
  wait_for(id, [](const dispatch::Job& job) { return job.progress.step == "waiting"; });
  EXPECT_EQ(workers->views().at(0).busy_with, id.str());
  workers.reset();
  const auto job = queue->job(id, {}).value();
  EXPECT_EQ(job.state, State::waiting);
  EXPECT_TRUE(job.attempts.empty());
}

TEST_F(AWorker, EndsThePipelineOfACancelledJob) {
  start();
  const auto id = enqueue("waits");
  wait_for(id, [](const dispatch::Job& job) { return job.progress.step == "waiting"; });
  ASSERT_TRUE(queue->cancel(id, {}));
  EXPECT_EQ(ended(enqueue("good")).state, State::done) << "the only worker is free again";
  EXPECT_EQ(queue->job(id, {})->state, State::cancelled);
}

TEST_F(AWorker, OnlyTellsWhatAnEarlierAttemptHadKeptBeforeItWasCutOff) {
  const auto id = enqueue("crashes", {{"send_to", {"archive"}}});
  std::filesystem::create_directories(scratch.path() / "out");
  ResultView view;
  view.job = id;
  view.study = kStudy;
  view.pipeline = "crashes";
  view.findings = {{"images", 3}};
  ASSERT_TRUE(store->keep({view, Json::object()}, scratch.path() / "out"));
  start();
  EXPECT_EQ(ended(id).state, State::done) << "the pipeline, which would crash, is not run again";
  ASSERT_EQ(told("results.stored").size(), 1u);
  EXPECT_EQ(told("results.stored")[0].fields["send_to"], Json({"archive"}));
}

TEST_F(AWorker, RefusesAStudyThatDoesNotFit) {
  options.limits.disk_bytes = 1000;
  start();
  const auto job = ended(enqueue("good"));
  EXPECT_EQ(job.state, State::dead);
  EXPECT_THAT(job.attempts[0].error->what, HasSubstr("more than"));
  EXPECT_THAT(job.attempts[0].error->what, HasSubstr(kStudy.str()));
}

TEST_F(AWorker, SaysWhichArgumentIsWrong) {
  start();
  const auto job = ended(enqueue("good", {{"send_to", "archive"}}));
  EXPECT_EQ(job.state, State::dead);
  EXPECT_THAT(job.attempts[0].error->what, HasSubstr("'send_to' has the wrong type"));
}

TEST_F(AWorker, ClearsAwayWhatADeadProcessLeft) {
  std::filesystem::create_directories(options.scratch / "old-job" / "in");
  start();
  EXPECT_FALSE(std::filesystem::exists(options.scratch / "old-job"));
}

/// Everything in one process, on folders that outlive it.
struct Site {
  explicit Site(const std::filesystem::path& root)
      : settings(settings_of()),
        house(root / "data"),
        queue(std::move(*dispatch::make(root / "dispatch", settings, *house.events, system_clock()))),
        store(std::move(*ResultStore::open(root / "kept"))) {}
  static Settings settings_of() {
    Settings settings{{dispatch::kSettings.begin(), dispatch::kSettings.end()}};
    (void)settings.set("dispatch.lease_s", {"1", "test"});
    (void)settings.set("dispatch.backoff_base_s", {"0.01", "test"});
    (void)settings.set("dispatch.max_attempts", {"1000", "test"});
    return settings;
  }
  void work(const std::filesystem::path& root) {
    WorkersOptions options{.executable = "/proc/self/exe",
                           .scratch = root / "kept" / "scratch",
                           .pipelines = {"good"},
                           .workers = 2,
                           .limits = {}};
    workers.emplace(std::move(options), store, Peers{*house.storage, *queue, *house.events, system_clock()});
  }
  Settings settings;
  storage::testing::House house;
  std::unique_ptr<dispatch::Dispatch> queue;
  ResultStore store;
  std::optional<Workers> workers;
};

TEST(AJob, IsDoneOnceThoughItsProcessIsKilledAgainAndAgain) {
  const Scratch scratch;
  std::vector<JobId> jobs;
  {
    Site site(scratch.path());
    ASSERT_TRUE(site.house.put(storage::testing::nth_file(1, {.study = kStudy.str(), .series = "1.2.3.1"})));
    for (int i = 0; i < 12; ++i) {
      const auto made = scratch.path() / fmt::format("made{}.dcm", i);
      ASSERT_TRUE(write_file_durably(
          made, storage::testing::dicom_file(
                    {.study = kStudy.str(), .series = "1.2.3.9", .instance = fmt::format("1.2.3.9.{}", i + 1)})));
      jobs.push_back(site.queue->enqueue({"pipeline/good", kStudy, {}, {{"made", made.string()}}}, {}).value());
    }
  }
  Random random(11);
  for (int round = 0; round < 8; ++round) {
    const auto child = ::fork();
    if (child == 0) {
      Site site(scratch.path());
      site.work(scratch.path());
      for (;;) ::pause();
    }
    std::this_thread::sleep_for(random.between(30ms, 250ms));
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
  }
  Site site(scratch.path());
  site.work(scratch.path());
  for (const auto& id : jobs) {
    for (int i = 0; i < 3000 && site.queue->job(id, {})->state != State::done; ++i) std::this_thread::sleep_for(10ms);
    EXPECT_EQ(site.queue->job(id, {})->state, State::done);
    EXPECT_TRUE(*site.store.find(id));
  }
  std::multiset<std::string> told;
  for (const auto& event : site.house.told("results.stored")) told.insert(event.fields["job"]);
  for (const auto& id : jobs) EXPECT_EQ(told.count(id.str()), 1u);
  std::multiset<std::string> stored;
  for (const auto& event : site.house.told("instance.stored"))
    if (event.fields["way"] == "result") stored.insert(event.fields["instance"]);
  EXPECT_EQ(stored.size(), jobs.size()) << "no result was made twice";
  EXPECT_TRUE(site.house.told("instance.conflict").empty());
}

TEST(AResult, IsCompleteOrAbsent) {
  Scratch scratch;
  const auto out = scratch.path() / "out";
  std::filesystem::create_directories(out);
  auto store = std::move(*ResultStore::open(scratch.path()));
  Keepsake kept;
  kept.view.job = JobId("j1");
  kept.view.study = kStudy;
  kept.view.files = {"present.csv", "missing.pdf"};
  ASSERT_TRUE(write_file_durably(out / "present.csv", "a,b"));
  EXPECT_FALSE(store.keep(kept, out));
  EXPECT_TRUE(store.of(kStudy)->empty());
  EXPECT_FALSE(*store.find(JobId("j1")));
  store = std::move(*ResultStore::open(scratch.path()));
  int folders = 0;
  for (const auto& entry : std::filesystem::directory_iterator(scratch.path() / "results")) folders += entry.exists();
  EXPECT_EQ(folders, 0) << "what was half made is cleared at the next start";
}

TEST(AResult, IsFoundOnlyByHarmlessNames) {
  Scratch scratch;
  auto store = std::move(*ResultStore::open(scratch.path()));
  for (const auto* name : {"..", "../../etc", "/etc", ".hidden", "a/b", ""}) {
    EXPECT_FALSE(*store.find(JobId(name))) << name;
    EXPECT_TRUE(store.of(StudyUid(name))->empty()) << name;
    Keepsake kept;
    kept.view.job = JobId(name);
    kept.view.study = kStudy;
    EXPECT_EQ(store.keep(kept, scratch.path()).error().code, Code::invalid) << name;
  }
}

}  // namespace
}  // namespace larmor::processing

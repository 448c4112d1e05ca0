#include "services/processing/processing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/file.h"
#include "net/test_ways.h"
#include "services/dispatch/make.h"
#include "services/dispatch/settings.h"
#include "services/processing/adapters/result_store.h"
#include "services/processing/make.h"
#include "services/processing/rest/codec.h"
#include "services/processing/rest/remote.h"
#include "services/processing/rest/routes.h"
#include "services/processing/settings.h"
#include "services/storage/adapters/test_object.h"

namespace larmor::processing {
namespace {

std::vector<SettingRow> rows() {
  std::vector<SettingRow> all(kSettings.begin(), kSettings.end());
  all.insert(all.end(), dispatch::kSettings.begin(), dispatch::kSettings.end());
  return all;
}

/// Every promise is held to twice: by the service itself, and through its REST API.
class Results : public testing::TestWithParam<net::testing::Way> {
 protected:
  Results() : house(scratch.path() / "data") {
    EXPECT_TRUE(settings.set("processing.workers", {"0", "test"}));
    EXPECT_TRUE(settings.set("processing.threads", {"3", "test"}));
    auto store = std::move(*ResultStore::open(scratch.path()));
    const auto out = scratch.path() / "out";
    std::filesystem::create_directories(out);
    EXPECT_TRUE(write_file_durably(out / "report.pdf", std::string("%PDF-\0\xff", 7)));
    kept.view = {
        JobId("j1"),    StudyUid("1.2.3"),  "brain", "7", 2, false, Time(1'800'000'000s), {{"brain_ml", 1200.5}},
        {"report.pdf"}, {SopUid("1.2.3.9")}};
    EXPECT_TRUE(store.keep(kept, out));
    queue = std::move(*dispatch::make(scratch.path() / "dispatch", settings, *house.events, system_clock()));
    local = std::move(*make(scratch.path(), settings, *house.storage, *queue, *house.events, system_clock()));
    processing = &seen.show(*local);
  }

  Scratch scratch;
  storage::testing::House house;
  Settings settings{rows()};
  Keepsake kept;
  std::unique_ptr<dispatch::Dispatch> queue;
  std::unique_ptr<Processing> local;
  net::testing::Seen<Processing> seen{GetParam(), routes, connect};
  Processing* processing = nullptr;
};

TEST_P(Results, AreListedWithWhatWasFound) {
  const auto results = processing->results(StudyUid("1.2.3"), {}).value();
  ASSERT_EQ(results.size(), 1u);
  EXPECT_EQ(to_json(results[0]), to_json(kept.view));
  EXPECT_TRUE(processing->results(StudyUid("9"), {})->empty());
}

TEST_P(Results, GiveTheirFilesByteForByte) {
  EXPECT_EQ(processing->result_file(JobId("j1"), "report.pdf", {}).value(), std::string("%PDF-\0\xff", 7));
  for (const auto* name : {"manifest.json", "nope.pdf", "../j1/report.pdf"})
    EXPECT_EQ(processing->result_file(JobId("j1"), name, {}).error().code, Code::not_found) << name;
  EXPECT_EQ(processing->result_file(JobId("nope"), "report.pdf", {}).error().code, Code::not_found);
}

TEST_P(Results, AreCommentedOnOnceWithTheVersionThatMadeThem) {
  const Feedback feedback{"runs into the amygdala", "left hippocampus", std::array{-26.5, -12.0, -18.0}};
  ASSERT_TRUE(processing->give_feedback(JobId("j1"), feedback, Call::within(5s, "k1")));
  ASSERT_TRUE(processing->give_feedback(JobId("j1"), feedback, Call::within(5s, "k1")));
  const auto told = house.events->read({.study = StudyUid("1.2.3"), .types = {"feedback."}}, {})->events;
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].type, "feedback.given");
  const auto& fields = told[0].fields;
  EXPECT_EQ(fields["job"], "j1");
  EXPECT_EQ(fields["version"], "7");
  EXPECT_EQ(fields["words"], feedback.words);
  EXPECT_EQ(fields["structure"], feedback.structure);
  EXPECT_EQ(fields["at_mm"], Json(*feedback.at_mm));
}

TEST_P(Results, RefuseACommentThatCannotBeKeptAndSayWhy) {
  const auto error = [&](const char* job, Feedback feedback) {
    return processing->give_feedback(JobId(job), feedback, Call::within(5s)).error();
  };
  EXPECT_EQ(error("nope", {"wrong", "", {}}).code, Code::not_found);
  EXPECT_EQ(error("j1", {"", "", {}}).field, "/words");
  EXPECT_EQ(error("j1", {std::string(2001, 'x'), "", {}}).field, "/words");
  EXPECT_EQ(error("j1", {"wrong", std::string(101, 'x'), {}}).field, "/structure");
  EXPECT_EQ(error("j1", {"wrong", "", std::array{0.0, 0.0, 1001.0}}).field, "/at_mm");
  EXPECT_TRUE(house.events->read({.types = {"feedback."}}, {})->events.empty());
}

TEST_P(Results, ComeFromPipelinesWithLimits) {
  const auto pipelines = processing->pipelines({}).value();
  ASSERT_EQ(pipelines.size(), 1u);
  EXPECT_EQ(pipelines[0].name, "brain");
  EXPECT_EQ(pipelines[0].limits["threads"], 3);
  EXPECT_EQ(pipelines[0].limits["time_s"], 1800.0);
  EXPECT_TRUE(processing->workers({})->empty());
}

INSTANTIATE_TEST_SUITE_P(Contract, Results, net::testing::kWays, net::testing::name_of);

}  // namespace
}  // namespace larmor::processing

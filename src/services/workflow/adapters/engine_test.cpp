// The engine with a real event log, storage and queue.
#include "services/workflow/adapters/engine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <set>

#include "base/file.h"
#include "base/random.h"
#include "net/test_ways.h"
#include "services/dispatch/make.h"
#include "services/dispatch/settings.h"
#include "services/storage/adapters/test_object.h"
#include "services/workflow/rest/remote.h"
#include "services/workflow/rest/routes.h"

namespace larmor::workflow {
namespace {

using testing::HasSubstr;

const StudyUid kStudy("1.2.3");

constexpr auto kRules = R"(rules:
  - name: head
    when: study.complete
    if: {any_series: {Modality: MR, instances: ">= 2"}, StudyDescription: "*head*"}
    do:
      - analyse: brain
        send_results_to: [archive]
  - name: knee
    when: study.complete
    if: {StudyDescription: "*knee*"}
    do: [{send: archive}]
)";

/// Passes everything on to the real log; lets the next appends of decisions fail, before or after they are kept.
class Shaky final : public events::EventLog {
 public:
  explicit Shaky(events::EventLog& log) : log_(log) {}
  Result<events::Seq> append(std::span<const events::NewEvent> fresh, const Call& call) override {
    if (before > 0 && before-- > 0) return fail(Code::unavailable, "the log is away");
    auto kept = log_.append(fresh, call);
    if (after > 0 && after-- > 0) return fail(Code::unavailable, "the answer was lost");
    return kept;
  }
  Result<events::Page> read(const events::Query& q, const Call& c) override { return log_.read(q, c); }
  Result<events::Seq> cursor(const std::string& r, const Call& c) override { return log_.cursor(r, c); }
  Result<void> advance(const std::string& r, events::Seq s, const Call& c) override { return log_.advance(r, s, c); }
  std::atomic<int> before = 0, after = 0;

 private:
  events::EventLog& log_;
};

class AnEngine : public testing::Test {
 protected:
  AnEngine() : house(scratch.path() / "data"), log(*house.events) {
    queue = std::move(*dispatch::make(scratch.path() / "dispatch", settings, *house.events, system_clock()));
    options = {scratch.path() / "rules.yaml", {{"brain"}, {"archive"}}, 0s};
    write(kRules);
    for (int i = 1; i <= 3; ++i) put(storage::testing::nth_file(i, {.study = kStudy.str(), .series = "1.2.3.1"}));
  }
  ~AnEngine() override { engine.reset(); }

  void write(const std::string& rules) { ASSERT_TRUE(write_file_durably(options.rules, rules)); }
  void put(const std::string& file, const std::string& way = "c-store") {
    ASSERT_TRUE(house.put(file, {way, "PACS", "127.0.0.1", "a"}));
  }
  void start() { engine = std::move(*Engine::start(options, {*house.storage, log}, *queue)); }
  events::Seq complete(const StudyUid& study = kStudy, int generation = 1) {
    const events::NewEvent event{"study.complete",
                                 "import",
                                 study,
                                 {{"generation", generation}, {"clue", "quiet"}},
                                 fmt::format("{}/{}", study, generation)};
    return house.events->append({&event, 1}, {}).value();
  }
  /// Once the cursor stands behind the event.
  std::vector<events::Event> decisions_after(events::Seq trigger) {
    for (int i = 0; i < 1000 && house.events->cursor("workflow", {}).value() < trigger; ++i)
      std::this_thread::sleep_for(10ms);
    EXPECT_GE(house.events->cursor("workflow", {}).value(), trigger);
    return house.events->read({.limit = 5000, .types = {"rule."}}, {}).value().events;
  }
  std::vector<dispatch::Job> jobs() { return queue->jobs({}, {}).value().jobs; }

  Scratch scratch;
  storage::testing::House house;
  Shaky log;
  Settings settings{{dispatch::kSettings.begin(), dispatch::kSettings.end()}};
  std::unique_ptr<dispatch::Dispatch> queue;
  EngineOptions options;
  std::unique_ptr<Engine> engine;
};

TEST_F(AnEngine, DecidesAndSaysWhyBothWays) {
  start();
  const auto trigger = complete();
  const auto told = decisions_after(trigger);
  ASSERT_EQ(told.size(), 2u);
  EXPECT_EQ(told[0].type, "rule.matched");
  EXPECT_EQ(told[0].fields["rule"], "head");
  EXPECT_EQ(told[0].fields["reason"],
            "unnumbered series 1 has Modality MR and 3 instances (>= 2) and the study has StudyDescription Head "
            "matching '*head*'");
  EXPECT_EQ(told[0].fields["trigger"], trigger);
  EXPECT_EQ(told[1].type, "rule.skipped");
  EXPECT_EQ(told[1].fields["reason"], "StudyDescription is Head, wanted *knee*");
  ASSERT_EQ(jobs().size(), 1u);
  EXPECT_EQ(jobs()[0].work.queue, "pipeline/brain");
  EXPECT_EQ(jobs()[0].work.study, kStudy);
  EXPECT_EQ(jobs()[0].work.arguments["send_to"], Json({"archive"}));
  EXPECT_EQ(told[0].fields["jobs"], Json({jobs()[0].id.str()}));
}

TEST_F(AnEngine, QueuesOncePerGeneration) {
  start();
  complete();
  decisions_after(complete(kStudy, 2));
  const auto all = jobs();
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].work.arguments["generation"], 2);
}

TEST_F(AnEngine, DoesNothingTwiceThoughTheLogFailsInBetween) {
  log.before = 2;
  log.after = 1;
  start();
  const auto told = decisions_after(complete());
  EXPECT_EQ(told.size(), 2u);
  EXPECT_EQ(jobs().size(), 1u);
}

TEST_F(AnEngine, DoesNotCountWhatLarmorMade) {
  for (int i = 1; i <= 9; ++i)
    put(storage::testing::nth_file(i, {.study = "5.5", .series = "5.5.1", .description = "Head"}),
        i == 1 ? "c-store" : "result");
  put(storage::testing::nth_file(1, {.study = "6.6", .series = "6.6.1", .description = "Head"}));
  for (int i = 1; i <= 9; ++i)
    put(storage::testing::nth_file(i, {.study = "6.6", .series = "6.6.9", .description = "Head"}), "result");
  start();
  decisions_after(complete(StudyUid("6.6")));
  EXPECT_TRUE(jobs().empty()) << "the only series with two instances is our own";
}

TEST_F(AnEngine, AsksTheObjectForWhatTheIndexDoesNotHave) {
  write(
      "rules:\n- {name: by-name, when: study.complete, if: {PatientName: 'Doe*', AccessionNumber: A1}, do: [{send: "
      "archive}]}\n"
      "- {name: contrast, when: study.complete, if: {ContrastBolusAgent: '*'}, do: [{send: archive}]}");
  start();
  const auto told = decisions_after(complete());
  ASSERT_EQ(told.size(), 2u);
  EXPECT_EQ(told[0].fields["reason"],
            "the study has PatientName (withheld) and the study has AccessionNumber (withheld)");
  EXPECT_EQ(told[1].fields["reason"], "ContrastBolusAgent is absent, wanted *");
  ASSERT_EQ(jobs().size(), 1u);
  EXPECT_EQ(jobs()[0].work.queue, "export/archive");
  EXPECT_EQ(jobs()[0].work.arguments["instances"].size(), 3u);
}

TEST_F(AnEngine, PassesOverAStudyThatCannotBeJudgedAndGoesOn) {
  start();
  complete(StudyUid("9.9.9"));
  const auto told = decisions_after(complete());
  ASSERT_EQ(told.size(), 4u);
  EXPECT_EQ(told[0].type, "rule.skipped");
  EXPECT_THAT(told[0].fields["reason"].get<std::string>(), HasSubstr("could not be judged"));
  EXPECT_EQ(jobs().size(), 1u);
}

TEST_F(AnEngine, DoesNotStartWithAWrongRule) {
  write("rules:\n- {name: bad, when: study.complete, do: [{analyse: brian}]}");
  const auto refused = Engine::start(options, {*house.storage, log}, *queue);
  ASSERT_FALSE(refused);
  EXPECT_THAT(to_string(refused.error()), HasSubstr("rules.yaml:2: there is no pipeline 'brian'"));
}

/// Every promise of the contract is held to twice: by the engine itself, and through its REST API.
class AWorkflow : public AnEngine, public testing::WithParamInterface<net::testing::Way> {
 protected:
  net::testing::Seen<Workflow> seen{GetParam(), routes, connect};
};

TEST_P(AWorkflow, ShowsItsRulesAndSaysWhatTheyWouldDo) {
  start();
  decisions_after(complete());
  auto& workflow = seen.show(*engine);
  const auto jobs_before = jobs().size();
  const auto rules = workflow.rules({}).value();
  ASSERT_EQ(rules.size(), 2u);
  EXPECT_EQ(rules[0].name, "head");
  EXPECT_EQ(rules[0].line, 2);
  EXPECT_EQ(rules[0].matched, 1);
  EXPECT_EQ(rules[1].skipped, 1);
  const auto decisions = workflow.dry_run(kStudy, {}).value();
  ASSERT_EQ(decisions.size(), 2u);
  EXPECT_TRUE(decisions[0].matched);
  EXPECT_EQ(decisions[0].actions,
            Json::parse(R"([{"analyse": "brain", "priority": "routine", "send_results_to": ["archive"],
                             "priors_from": []}])"));
  EXPECT_EQ(decisions[1].reason, "StudyDescription is Head, wanted *knee*");
  EXPECT_EQ(workflow.dry_run(StudyUid("9.9"), {}).error().code, Code::not_found);
  EXPECT_EQ(jobs().size(), jobs_before) << "a dry run does nothing";
}

TEST_P(AWorkflow, TakesAChangedFileAtOnceUnlessItIsWrong) {
  options.reload = 10ms;
  start();
  auto& workflow = seen.show(*engine);
  ASSERT_EQ(workflow.rules({})->size(), 2u);
  const auto changed_at = [&](std::chrono::seconds later) {
    std::filesystem::last_write_time(options.rules, std::filesystem::file_time_type::clock::now() + later);
  };
  const auto becomes = [&](std::size_t wanted) {
    for (int i = 0; i < 500 && workflow.rules({})->size() != wanted; ++i) std::this_thread::sleep_for(10ms);
    return workflow.rules({})->size() == wanted;
  };
  write("rules:\n- {name: only, when: study.complete, do: [{analyse: brain}]}");
  changed_at(1s);
  EXPECT_TRUE(becomes(1));
  write("rules:\n- {name: bad, when: study.complte, do: [{analyse: brain}]}");
  changed_at(2s);
  std::this_thread::sleep_for(1500ms);
  EXPECT_EQ(workflow.rules({})->at(0).name, "only") << "the old rules stay in force";
  write(kRules);
  changed_at(3s);
  EXPECT_TRUE(becomes(2));
}

INSTANTIATE_TEST_SUITE_P(Contract, AWorkflow, net::testing::kWays, net::testing::name_of);

TEST(ADecision, IsMadeOnceThoughTheProcessIsKilledAgainAndAgain) {
  const Scratch scratch;
  const auto rules = scratch.path() / "rules.yaml";
  ASSERT_TRUE(write_file_durably(rules, kRules));
  const Settings settings{{dispatch::kSettings.begin(), dispatch::kSettings.end()}};
  const EngineOptions options{rules, {{"brain"}, {"archive"}}, 0s};
  constexpr int kStudies = 40;
  {
    storage::testing::House house(scratch.path() / "data");
    for (int s = 1; s <= kStudies; ++s) {
      const auto study = fmt::format("1.2.{}", s);
      for (int i = 1; i <= 2; ++i)
        ASSERT_TRUE(house.put(storage::testing::nth_file(i, {.study = study, .series = study + ".1"})));
      const events::NewEvent event{"study.complete", "import", StudyUid(study), {{"generation", 1}}, study};
      ASSERT_TRUE(house.events->append({&event, 1}, {}));
    }
  }
  const auto work = [&](auto&& until) {
    storage::testing::House house(scratch.path() / "data");
    const auto queue = std::move(*dispatch::make(scratch.path() / "dispatch", settings, *house.events, system_clock()));
    const auto engine = std::move(*Engine::start(options, {*house.storage, *house.events}, *queue));
    until(house, *queue);
  };
  Random random(5);
  for (int round = 0; round < 8; ++round) {
    const auto child = ::fork();
    if (child == 0)
      work([](auto&, auto&) {
        for (;;) ::pause();
      });
    std::this_thread::sleep_for(random.between(20ms, 120ms));
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
  }
  work([&](storage::testing::House& house, dispatch::Dispatch& queue) {
    const auto last = house.told("study.complete").back().seq;
    for (int i = 0; i < 2000 && house.events->cursor("workflow", {}).value() < last; ++i)
      std::this_thread::sleep_for(10ms);
    std::multiset<std::string> matched, skipped, queued;
    for (const auto& event : house.told("rule.matched")) matched.insert(event.study.str());
    for (const auto& event : house.told("rule.skipped")) skipped.insert(event.study.str());
    const auto page = queue.jobs({.limit = 1000}, {}).value();
    for (const auto& job : page.jobs) queued.insert(job.work.study.str());
    for (int s = 1; s <= kStudies; ++s) {
      const auto study = fmt::format("1.2.{}", s);
      EXPECT_EQ(matched.count(study), 1u) << study;
      EXPECT_EQ(skipped.count(study), 1u) << study;
      EXPECT_EQ(queued.count(study), 1u) << study;
    }
  });
}

}  // namespace
}  // namespace larmor::workflow

#include "services/workflow/adapters/rules_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/workflow/core/actions.h"
#include "services/workflow/core/judge.h"
#include "services/workflow/core/privacy.h"
#include "services/workflow/core/triggers.h"

namespace larmor::workflow {
namespace {

const Known kKnown{{"brain"}, {"archive", "workstation"}};

constexpr auto kBrain = R"(rules:
  - name: brain-t1
    about: Every head with a good T1
    when: study.complete
    if:
      all:
        - any_series: {Modality: MR, SeriesDescription: "*t1*|*mprage*|*bravo*|*spgr*", instances: ">= 20"}
        - not: {StudyDescription: "*spine*"}
    do:
      - analyse: brain
        priority: urgent
        send_results_to: [archive]
        priors_from: [archive, workstation]
      - send: workstation
)";

Error first_error(const std::string& text) {
  const auto loaded = parse_rules(text, "rules.yaml", kKnown);
  EXPECT_FALSE(loaded.errors.empty());
  return loaded.errors.empty() ? Error{} : loaded.errors.front();
}

/// The good file with one piece replaced.
Error after_slip(const std::string& good, const std::string& slip) {
  std::string text = kBrain;
  text.replace(text.find(good), good.size(), slip);
  return first_error(text);
}

TEST(Rules, AreReadAsWritten) {
  const auto loaded = parse_rules(kBrain, "rules.yaml", kKnown);
  ASSERT_TRUE(loaded.errors.empty()) << to_string(loaded.errors[0]);
  ASSERT_EQ(loaded.rules.size(), 1u);
  const auto& rule = loaded.rules[0];
  EXPECT_EQ(rule.name, "brain-t1");
  EXPECT_EQ(rule.trigger->type, "study.complete");
  EXPECT_EQ(rule.line, 2);
  EXPECT_THAT(rule.text, testing::HasSubstr("analyse: brain"));
  ASSERT_EQ(rule.actions.size(), 2u);
  EXPECT_EQ(rule.actions[0].target, "brain");
  EXPECT_EQ(rule.actions[0].priority, dispatch::Priority::urgent);
  EXPECT_THAT(rule.actions[0].send_results_to, testing::ElementsAre("archive"));
  EXPECT_THAT(rule.actions[0].priors_from, testing::ElementsAre("archive", "workstation"));
  Facts facts;
  facts.series = {{"series 7", 176, {{"Modality", {"MR"}}, {"SeriesDescription", {"t1_mprage_sag"}}}}};
  EXPECT_TRUE(judge(rule.condition, facts).holds);
  facts.series[0].instances = 19;
  EXPECT_FALSE(judge(rule.condition, facts).holds);
}

TEST(Rules, OfTheExampleAreRight) {
  const auto rules = load_rules("examples/laptop/rules.yaml", kKnown);
  ASSERT_TRUE(rules) << to_string(rules.error());
  EXPECT_GE(rules->size(), 1u);
}

TEST(Rules, KnowWhichAttributesIdentifyAPerson) {
  const auto loaded = parse_rules(
      "rules:\n- {name: a, when: study.complete, if: {PatientName: 'D*', Modality: MR}, do: [{send: archive}]}", "r",
      kKnown);
  ASSERT_TRUE(loaded.errors.empty());
  const auto subjects = attributes_of(loaded.rules[0].condition);
  ASSERT_EQ(subjects.size(), 2u);
  EXPECT_TRUE(subjects[0].withheld);
  EXPECT_FALSE(subjects[1].withheld);
}

struct Slip {
  const char *good, *bad, *what, *hint;
};

TEST(ASlip, IsAnErrorWithLineAndNearestName) {
  const std::vector<Slip> slips = {
      {"study.complete", "study.completed", "rules.yaml:4: there is no trigger 'study.completed'",
       "Did you mean 'study.complete'?"},
      {"Modality:", "Modalty:", "rules.yaml:7: there is no condition or DICOM attribute called 'Modalty'",
       "Did you mean 'Modality'?"},
      {"any_series", "any_serie", "rules.yaml:7: there is no condition or DICOM attribute called 'any_serie'",
       "Did you mean 'any_series'?"},
      {"not:", "nott:", "rules.yaml:8: there is no condition or DICOM attribute called 'nott'", "Did you mean 'not'?"},
      {"brain\n", "brian\n", "rules.yaml:10: there is no pipeline 'brian'", "Did you mean 'brain'?"},
      {"[archive]", "[archiv]", "rules.yaml:12: there is no destination 'archiv'", "Did you mean 'archive'?"},
      {"workstation", "workstatoin", "rules.yaml:13: there is no destination 'workstatoin'",
       "Did you mean 'workstation'?"},
      {"urgent", "urgnt", "rules.yaml:11: there is no priority 'urgnt'", "Did you mean 'urgent'?"},
      {"priority:", "prioriti:", "rules.yaml:11: there is no option of 'analyse' called 'prioriti'",
       "Did you mean 'priority'?"},
      {"analyse:", "analyze:", "rules.yaml:10: there is no action called 'analyze'", "Did you mean 'analyse'?"},
      {"    if:", "    iff:", "rules.yaml:6: there is no key in a rule called 'iff'", "Did you mean 'if'?"},
      {"\">= 20\"", "\">= many\"", "rules.yaml:7: '>= many' compares with no number", "Write it like '>= 20'."},
  };
  for (const auto& slip : slips) {
    const auto error = after_slip(slip.good, slip.bad);
    EXPECT_EQ(error.what, slip.what);
    EXPECT_EQ(error.hint, slip.hint) << slip.what;
  }
}

TEST(AFile, ThatIsNoYamlSaysWhere) {
  EXPECT_THAT(first_error("rules:\n  - name: [\n").what, testing::StartsWith("rules.yaml:"));
  EXPECT_THAT(first_error("rules:\n - name: a\n   when: study.complete\n   if: {SeriesDescription: *t1*}\n").what,
              testing::StartsWith("rules.yaml:4"));
}

TEST(AFile, WithoutRulesSaysSo) {
  EXPECT_THAT(first_error("ruls: []").what, testing::HasSubstr("no key 'rules'"));
  EXPECT_TRUE(parse_rules("", "r", kKnown).errors.empty());
  EXPECT_TRUE(parse_rules("import:\n  port: 104\nrules: []", "r", kKnown).errors.empty())
      << "it may be the configuration file";
}

TEST(AFile, ReportsEachWrongRule) {
  const auto loaded = parse_rules(
      "rules:\n- {name: a, when: x, do: []}\n- {name: b, when: study.complete, do: [{send: archive}]}\n- {name: b, "
      "when: study.complete, do: [{send: archive}]}\n- 7",
      "r", kKnown);
  ASSERT_EQ(loaded.errors.size(), 3u);
  EXPECT_THAT(loaded.errors[1].what, testing::HasSubstr("r:4: there is already a rule 'b'"));
  EXPECT_EQ(loaded.rules.size(), 1u);
}

TEST(ARule, MayNotFeedItself) {
  const auto error = first_error("rules:\n- {name: a, when: results.stored, do: [{analyse: brain}]}");
  EXPECT_THAT(error.what, testing::HasSubstr("'analyse' cannot follow results.stored"));
}

TEST(ARule, AsksOnlyForFieldsThatItsTriggerHas) {
  const auto error =
      first_error("rules:\n- {name: a, when: study.complete, if: {event.clu: quiet}, do: [{send: archive}]}");
  EXPECT_EQ(error.hint, "Did you mean 'clue'?");
}

TEST(ARule, QueuesEachActionUnderItsOwnKey) {
  const auto loaded = parse_rules(kBrain, "rules.yaml", kKnown);
  std::vector<SopUid> instances;
  for (int i = 0; i < 5001; ++i) instances.emplace_back(fmt::format("1.2.{}", i));
  const auto jobs = plan(loaded.rules[0], {"brain-t1", StudyUid("1.2.3"), 2, 77, true, instances});
  ASSERT_EQ(jobs.size(), 3u);
  EXPECT_EQ(jobs[0].key, "brain-t1/1.2.3/2");
  EXPECT_EQ(jobs[0].work.queue, "pipeline/brain");
  EXPECT_EQ(jobs[0].work.arguments, (Json{{"study", "1.2.3"},
                                          {"generation", 2},
                                          {"rule", "brain-t1"},
                                          {"send_to", {"archive"}},
                                          {"priors_from", {"archive", "workstation"}}}));
  EXPECT_EQ(jobs[1].key, "brain-t1/1.2.3/2/2");
  EXPECT_EQ(jobs[1].work.queue, "export/workstation");
  EXPECT_EQ(jobs[1].work.arguments["instances"].size(), 5000u);
  EXPECT_EQ(jobs[2].work.arguments["instances"].size(), 1u);
  EXPECT_EQ(plan(loaded.rules[0], {"r", StudyUid("1"), 1, 77, false, {}})[0].key, "r/1/1/at-77");
}

TEST(Privacy, WithholdsWhatIdentifies) {
  EXPECT_TRUE(withheld(0x00100010, "PN"));   // PatientName
  EXPECT_TRUE(withheld(0x00100020, "LO"));   // PatientID
  EXPECT_TRUE(withheld(0x00100030, "DA"));   // PatientBirthDate
  EXPECT_TRUE(withheld(0x00080050, "SH"));   // AccessionNumber
  EXPECT_TRUE(withheld(0x00080090, "PN"));   // ReferringPhysicianName
  EXPECT_TRUE(withheld(0x00204000, "LT"));   // ImageComments
  EXPECT_FALSE(withheld(0x0008103E, "LO"));  // SeriesDescription
  EXPECT_FALSE(withheld(0x00101010, "AS"));  // PatientAge
  EXPECT_FALSE(withheld(0x00080060, "CS"));  // Modality
}

}  // namespace
}  // namespace larmor::workflow

#include "services/workflow/core/judge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace larmor::workflow {
namespace {

using Kind = Condition::Kind;
using Where = Subject::Where;

Condition test(std::string name, const std::string& wanted, Where where = Where::attribute, bool withheld = false) {
  Condition c;
  c.kind = Kind::test;
  c.subject = {where, std::move(name), 0, withheld};
  c.test = parse_test(wanted).value();
  return c;
}

Condition sum(Kind kind, std::vector<Condition> parts) {
  Condition c;
  c.kind = kind;
  c.parts = std::move(parts);
  return c;
}

Condition brain_t1() {
  return sum(Kind::all, {sum(Kind::any_series, {test("Modality", "MR"), test("SeriesDescription", "*t1*|*mprage*"),
                                                test("instances", ">= 20", Where::instances)}),
                         sum(Kind::none, {test("StudyDescription", "*spine*")})});
}

Facts head() {
  Facts facts;
  facts.series = {{"series 1",
                   3,
                   {{"Modality", {"MR"}},
                    {"SeriesDescription", {"localizer"}},
                    {"BodyPartExamined", {"HEAD"}},
                    {"StudyDescription", {"Head"}},
                    {"PatientName", {"Doe^John"}}}},
                  {"series 2",
                   176,
                   {{"Modality", {"MR"}},
                    {"SeriesDescription", {"Sag MPRAGE"}},
                    {"BodyPartExamined", {"HEAD"}},
                    {"StudyDescription", {"Head"}},
                    {"PatientName", {"Doe^John"}},
                    {"EchoTime", {"2.98"}}}}};
  return facts;
}

std::string why(const Condition& condition, bool holds, const Facts& facts = head()) {
  const auto judgement = judge(condition, facts);
  EXPECT_EQ(judgement.holds, holds) << judgement.reason;
  return judgement.reason;
}

TEST(AReason, SaysWhichSeriesFitsAndBy) {
  EXPECT_EQ(
      why(brain_t1(), true),
      "series 2 has Modality MR, SeriesDescription 'Sag MPRAGE' matching '*mprage*' and 176 instances (>= 20) and "
      "StudyDescription is Head, not *spine*");
}

TEST(AReason, SaysWhatFailedAfterWhatHeld) {
  const auto prostate = sum(Kind::any_series, {test("Modality", "MR"), test("BodyPartExamined", "PROSTATE")});
  auto facts = head();
  facts.series.resize(1);
  EXPECT_EQ(why(prostate, false, facts), "Modality is MR, BodyPartExamined is HEAD, wanted PROSTATE (series 1)");
}

TEST(AReason, NamesTheSeriesThatCameNearest) {
  auto facts = head();
  facts.series[1].instances = 12;
  EXPECT_EQ(why(brain_t1(), false, facts),
            "no series fits; series 2 comes nearest: Modality is MR, SeriesDescription is 'Sag MPRAGE', there are 12 "
            "instances, "
            "wanted >= 20");
}

TEST(AReason, SaysWhatIsExcluded) {
  auto facts = head();
  for (auto& series : facts.series) series.attributes["StudyDescription"] = {"T-Spine"};
  EXPECT_THAT(why(brain_t1(), false, facts),
              testing::HasSubstr("StudyDescription T-Spine matching '*spine*', which is excluded"));
}

TEST(AReason, NeverShowsWhoThePatientIs) {
  const auto by_name = test("PatientName", "Doe*", Where::attribute, true);
  EXPECT_EQ(why(by_name, true), "the study has PatientName (withheld)");
  const auto other = test("PatientName", "Roe*", Where::attribute, true);
  EXPECT_EQ(why(other, false), "PatientName is (withheld), wanted (withheld)");
  EXPECT_THAT(why(sum(Kind::none, {other}), true), testing::Not(testing::HasSubstr("oe")));
  EXPECT_THAT(why(sum(Kind::any_series, {by_name, test("Modality", "CT")}), false),
              testing::Not(testing::HasSubstr("Doe")));
}

TEST(AReason, SaysWhatIsAbsent) {
  EXPECT_EQ(why(test("ContrastBolusAgent", "*"), false), "ContrastBolusAgent is absent, wanted *");
}

TEST(ACondition, ComparesNumbersOfDicomAttributes) {
  EXPECT_EQ(why(test("EchoTime", "< 5"), true), "series 2 has EchoTime 2.98 (< 5)");
  why(test("EchoTime", "> 5"), false);
}

TEST(ACondition, AsksTheEventAndTheStudy) {
  auto facts = head();
  facts.event = {{"clue", "quiet"}, {"generation", 2}};
  EXPECT_EQ(why(test("clue", "quiet", Where::event), true, facts), "the event has clue quiet");
  why(test("generation", "> 1", Where::event), true, facts);
  EXPECT_EQ(why(test("series", ">= 3", Where::series), false, facts), "there are 2 series, wanted >= 3");
  why(test("instances", "179", Where::instances), true, facts);
}

TEST(ACondition, OnEverySeriesFailsWithTheFirstThatDiffers) {
  const auto all_mr = sum(Kind::every_series, {test("Modality", "MR")});
  EXPECT_EQ(why(all_mr, true), "every series has Modality MR");
  auto facts = head();
  facts.series[1].attributes["Modality"] = {"CT"};
  EXPECT_EQ(why(all_mr, false, facts), "Modality is CT, wanted MR (series 2)");
}

TEST(ACondition, WithoutPartsAlwaysHolds) {
  EXPECT_EQ(why({}, true), "it has no conditions");
}

TEST(ACondition, OnAStudyWithoutSeriesFailsWithWords) {
  EXPECT_EQ(why(brain_t1(), false, {}), "the study has no series");
}

TEST(ACondition, WithAlternativesSaysAllThatFailed) {
  EXPECT_EQ(why(sum(Kind::any, {test("Modality", "CT"), test("BodyPartExamined", "KNEE")}), false),
            "none of these holds: Modality is MR, wanted CT; BodyPartExamined is HEAD, wanted KNEE");
}

}  // namespace
}  // namespace larmor::workflow

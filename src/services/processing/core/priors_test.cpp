#include "services/processing/core/priors.h"

#include <gmock/gmock.h>

namespace larmor::processing {
namespace {

using std::chrono::sys_days;
using testing::HasSubstr;
using namespace std::chrono_literals;

Scan scan(const std::string& study, sys_days day) {
  Scan s;
  s.study = StudyUid(study);
  s.series = SeriesUid(study + ".1");
  s.where = "storage";
  s.patient = Phi(Identity{"4711", "", "Doe^Jane", "19500203", "F"});
  s.day = day;
  s.name = "series 1 'T1 3D'";
  s.t1 = true;
  s.derived = s.agent = false;
  s.model = "Skyra";
  s.field_t = 3;
  s.mm = {1, 1, 1};
  return s;
}

const Scan kNow = scan("1", 2026y / 11 / 1);
const Scan kLastYear = scan("2", 2025y / 10 / 1);

template <class F>
Scan but(Scan s, F change) {
  change(s);
  return s;
}

std::string why_not(const Scan& s) {
  const auto choice = choose_prior(kNow, {s});
  return choice.chosen ? "chosen" : choice.considered.front().why_not;
}

TEST(Prior, IsRefusedForWhatMakesItUseless) {
  EXPECT_EQ(why_not(kLastYear), "chosen");
  const std::pair<Scan, const char*> rows[] = {
      {but(kLastYear,
           [](Scan& s) {
             s.patient = Phi(Identity{"4711", "", "Doe^Jane", "19510203", "F"});
           }),
       "has another birth date"},
      {but(kLastYear, [](Scan& s) { s.day.reset(); }), "has no study date to tell how much earlier it is"},
      {but(kLastYear, [](Scan& s) { s.day = kNow.day; }), "is not earlier"},
      {but(kLastYear, [](Scan& s) { s.day = *kNow.day + std::chrono::days(400); }), "is not earlier"},
      {but(kLastYear, [](Scan& s) { s.day = *kNow.day - std::chrono::days(89); }), "is less than 90 days earlier"},
      {but(kLastYear, [](Scan& s) { s.unfit = "is FLAIR"; }), "is FLAIR"},
      {but(kLastYear, [](Scan& s) { s.derived = true; }), "is computed from other images"},
  };
  for (const auto& [prior, words] : rows) EXPECT_EQ(why_not(prior), words);
}

TEST(Prior, MayBeDerivedWhereTheScanAtHandIs) {
  const auto derived = [](Scan& s) { s.derived = true; };
  EXPECT_TRUE(choose_prior(but(kNow, derived), {but(kLastYear, derived)}).chosen);
}

struct Rival {
  const char* promise;
  Scan better, worse;
  const char* why_behind;
};

TEST(Prior, IsTheOneMostAlikeThenTheLatest) {
  const Scan older = scan("3", 2023y / 1 / 1);
  const Rival rows[] = {
      {"later", kLastYear, older, "is older than the one chosen"},
      {"agent", older, but(kLastYear, [](Scan& s) { s.agent = true; }), "differs in contrast agent"},
      {"scanner", older, but(kLastYear, [](Scan& s) { s.model = "Prisma"; }), "comes from another scanner model"},
      {"field", older, but(kLastYear, [](Scan& s) { s.field_t = 1.5; }), "has another field strength"},
      {"voxels", older,
       but(kLastYear,
           [](Scan& s) {
             s.mm = {1, 1, 3};
           }),
       "has voxels of another size"},
      {"agent before scanner", but(older, [](Scan& s) { s.model = "Prisma"; }),
       but(kLastYear, [](Scan& s) { s.agent = true; }), "differs in contrast agent"},
      {"said before unsaid", older, but(kLastYear, [](Scan& s) { s.model = ""; }), "does not tell the scanner model"},
      {"unsaid before other", but(older, [](Scan& s) { s.model = ""; }),
       but(kLastYear, [](Scan& s) { s.model = "Prisma"; }), "comes from another scanner model"},
      {"what will be known once it is here",
       but(kLastYear, [](Scan& s) { s.here = false, s.model = "", s.agent.reset(); }), older,
       "is older than the one chosen"},
      {"named before unnamed", older, but(kLastYear, [](Scan& s) { s.t1 = false; }),
       "does not say that it is T1-weighted"},
  };
  for (const auto& row : rows)
    for (const bool first : {true, false}) {
      const auto choice =
          choose_prior(kNow, first ? std::vector{row.better, row.worse} : std::vector{row.worse, row.better});
      ASSERT_TRUE(choice.chosen) << row.promise;
      EXPECT_EQ(choice.considered[*choice.chosen].scan.study, row.better.study) << row.promise;
      EXPECT_EQ(choice.considered[first ? 1 : 0].why_not, row.why_behind) << row.promise;
    }
}

TEST(Prior, TakesNearlyTheSameFieldStrengthForTheSame) {
  const auto choice = choose_prior(kNow, {but(kLastYear, [](Scan& s) { s.field_t = 2.89; })});
  EXPECT_THAT(choice.why, HasSubstr("the same field strength"));
}

TEST(Prior, IsToldWithItsReasonAndTheOthersWithTheirs) {
  const auto stranger = but(scan("3", 2024y / 1 / 1), [](Scan& s) {
    s.patient = Phi(Identity{"4711", "", "Roe^Joe", "", ""});
  });
  const auto told = to_json(choose_prior(kNow, {stranger, kLastYear}), {});
  EXPECT_THAT(told["words"].get<std::string>(),
              HasSubstr("Compared with series 1 'T1 3D' of the study 13 months earlier, from storage: the same with"));
  EXPECT_EQ(told["chosen"]["study"], "2");
  EXPECT_EQ(told["chosen"]["months_earlier"], 13);
  EXPECT_THAT(told["words"].get<std::string>(),
              HasSubstr(". Not used: series 1 'T1 3D' of the study 34 months earlier has another family name"));
  ASSERT_EQ(told["considered"].size(), 1u);
  EXPECT_EQ(told["considered"][0]["why_not"], "has another family name");
  EXPECT_THAT(told.dump(), testing::Not(testing::AnyOf(HasSubstr("Roe"), HasSubstr("4711"), HasSubstr("1950"))));
}

TEST(Prior, ThatDoesNotExistIsToldWithTheReason) {
  EXPECT_EQ(to_json(choose_prior(kNow, {}), {})["words"], "No comparison: there is no earlier study of this patient");
  EXPECT_EQ(to_json(choose_prior(kNow, {}), {"ARCHIVE did not answer"})["words"],
            "No comparison: ARCHIVE did not answer");
  const auto flair = but(kLastYear, [](Scan& s) { s.unfit = "is FLAIR"; });
  EXPECT_EQ(to_json(choose_prior(kNow, {flair, flair}), {})["words"],
            "No comparison: series 1 'T1 3D' of the study 13 months earlier is FLAIR; series 1 'T1 3D' of the study 13 "
            "months earlier is FLAIR");
  const auto many = choose_prior(kNow, std::vector(5, flair));
  EXPECT_THAT(to_json(many, {})["words"].get<std::string>(), HasSubstr("; 2 more are not used either"));
  EXPECT_EQ(to_json(many, {})["considered"].size(), 5u);
}

TEST(BestT1, FollowsTheSeriesPicker) {
  const auto coarse = but(kNow, [](Scan& s) { s.mm = {1, 1, 5}; });
  const auto flair = but(kNow, [](Scan& s) { s.unfit = "is FLAIR"; });
  EXPECT_EQ(best_t1({flair, coarse, kNow}), 2u);
  EXPECT_EQ(best_t1({kNow, kNow}), 0u);
  EXPECT_FALSE(best_t1({flair}));
}

}  // namespace
}  // namespace larmor::processing

#include "services/processing/brain/healthy.h"

#include <gmock/gmock.h>

#include "base/test_support.h"
#include "imaging/structures.h"
#include "services/processing/brain/findings.h"

namespace larmor::processing::brain {
namespace {

using testing::HasSubstr;

const std::filesystem::path kTables = "models/brain/norms";
const Person kWoman{71, Sex::female, {}};

/// A head of exactly what the norm expects of a woman of 71, both sides of everything.
Findings expected_head() {
  const auto norms = *Norms::load(kTables);
  Findings f;
  f.intracranial_ml = 1400;
  f.version = norms.calibrated();
  for (const auto& s : imaging::structures())
    if (const auto* norm = norms.find(s.id))
      f.structures.push_back({s.id, norms.volume_at(*norm, 0, {71, Sex::female, f.intracranial_ml}), 0.9});
  f.structures.push_back({24, 200, 0.9});
  return f;
}

const Compared* named(const Healthy& h, std::string_view name) {
  for (const auto& c : h.compared)
    if (c.name == name) return &c;
  return nullptr;
}

TEST(Healthy, PutsTheExpectedHeadInTheMiddle) {
  const auto h = compare_with_healthy(expected_head(), kWoman, kTables);
  ASSERT_TRUE(h) << h.error().what;
  EXPECT_EQ(h->none_because, "");
  EXPECT_EQ(h->compared.size(), 35u) << "31 structures and 4 sums";
  for (const auto& c : h->compared) {
    if (c.id != 0) {
      EXPECT_NEAR(c.standing.centile, 50, 0.1) << c.name;
    }
    EXPECT_LT(c.standing.low, c.standing.centile) << c.name;
    EXPECT_GT(c.standing.high, c.standing.centile) << c.name;
    EXPECT_GE(c.standing.low, 0);
    EXPECT_LE(c.standing.high, 100);
  }
  // The sums have norms of their own, fitted apart: near the middle, not in it.
  for (const auto* sum : {"brain", "cerebral cortex", "cerebral white matter", "ventricles"}) {
    ASSERT_TRUE(named(*h, sum)) << sum;
    EXPECT_NEAR(named(*h, sum)->standing.z, 0, 1) << sum;
  }
}

TEST(Healthy, SeesASmallHippocampusOnTheSideWhereItIs) {
  auto f = expected_head();
  for (auto& m : f.structures)
    if (m.id == 17) m.ml *= 0.7;
  const auto h = *compare_with_healthy(f, kWoman, kTables);
  EXPECT_LT(named(h, "left hippocampus")->standing.centile, 1);
  EXPECT_NEAR(named(h, "right hippocampus")->standing.centile, 50, 0.1);
  EXPECT_LT(*h.hippocampal_asymmetry, -25);
  EXPECT_EQ(named(h, "left hippocampus")->second->high, 5);
  EXPECT_NEAR(*h.ventricular_asymmetry, 0, 15);
}

TEST(Healthy, AsymmetryChangesItsSignWhenSidesChange) {
  auto f = expected_head(), mirrored = expected_head();
  for (auto* head : {&f, &mirrored})
    for (auto& m : head->structures) {
      if (m.id == (head == &f ? 17 : 53)) m.ml = 2;
      if (m.id == (head == &f ? 53 : 17)) m.ml = 3;
    }
  const auto a = *compare_with_healthy(f, kWoman, kTables), b = *compare_with_healthy(mirrored, kWoman, kTables);
  EXPECT_DOUBLE_EQ(*a.hippocampal_asymmetry, -40);
  EXPECT_DOUBLE_EQ(*b.hippocampal_asymmetry, 40);
}

TEST(Healthy, HasIndicesButNoCentilesOfAnUnknownPersonAndSaysWhy) {
  const auto h = *compare_with_healthy(expected_head(), {71, {}, {"the patient's sex is written as 'O'"}}, kTables);
  EXPECT_EQ(h.none_because, "the sex is not known");
  EXPECT_TRUE(h.compared.empty());
  EXPECT_TRUE(h.curves.empty());
  EXPECT_GT(*h.brain_fraction, 0.6);
  EXPECT_LT(*h.brain_fraction, 0.9);
  EXPECT_GT(*h.ventricle_ratio, 0.01);
  const Json told = to_json(h);
  EXPECT_EQ(told["none_because"], "the sex is not known");
  EXPECT_FALSE(told.contains("structures"));
  EXPECT_TRUE(told["indices"].contains("ventricle_to_brain"));
  EXPECT_THAT(told["notes"][0].get<std::string>(), HasSubstr("'O'"));
}

TEST(Healthy, DoesWithoutTables) {
  Scratch empty;
  const auto h = compare_with_healthy(expected_head(), kWoman, empty.path());
  ASSERT_TRUE(h);
  EXPECT_THAT(h->none_because, HasSubstr("no tables"));
  EXPECT_TRUE(h->brain_fraction);
}

TEST(Healthy, SaysThatTheFactorsAreOfAnotherNetwork) {
  auto f = expected_head();
  EXPECT_THAT(compare_with_healthy(f, kWoman, kTables)->method, Not(HasSubstr("The factors")));
  f.version = "99.0.0";
  EXPECT_THAT(compare_with_healthy(f, kWoman, kTables)->method, HasSubstr("99.0.0"));
}

TEST(Healthy, DrawsCurvesInOrderAndThePersonOnThem) {
  const auto h = *compare_with_healthy(expected_head(), kWoman, kTables);
  ASSERT_EQ(h.curves.size(), h.compared.size());
  EXPECT_EQ(std::count_if(h.curves.begin(), h.curves.end(), [](const Curves& c) { return c.on_page; }), 5);
  for (const auto& c : h.curves) {
    EXPECT_EQ(c.age, 71);
    for (std::size_t i = 0; i < c.ages.size(); ++i)
      for (std::size_t k = 1; k < 5; ++k) EXPECT_LT(c.ml[k - 1][i], c.ml[k][i]) << c.name << " at " << c.ages[i];
  }
}

TEST(Healthy, TellsTheNormOverAgeInAFileOfBoundedSize) {
  const auto h = *compare_with_healthy(expected_head(), kWoman, kTables);
  const auto told = curves_json(h);
  EXPECT_EQ(told["centiles"], (Json{5, 25, 50, 75, 95}));
  ASSERT_EQ(told["structures"].size(), 35u);
  for (const auto& c : told["structures"]) {
    ASSERT_EQ(c["ml"].size(), 5u);
    for (const auto& curve : c["ml"]) EXPECT_EQ(curve.size(), told["ages"].size());
  }
  EXPECT_LT(told.dump().size(), 100'000u);
  const auto one = to_json(h)["structures"].back();
  EXPECT_LT(one["fifth_ml"], one["expected_ml"]);
  EXPECT_GT(one["ninety_fifth_ml"], one["expected_ml"]);
}

TEST(Centile, IsWrittenAsPeopleWriteIt) {
  EXPECT_EQ(centile_words(0.4), "<1");
  EXPECT_EQ(centile_words(34.4), "34");
  EXPECT_EQ(centile_words(99.4), ">99");
}

}  // namespace
}  // namespace larmor::processing::brain

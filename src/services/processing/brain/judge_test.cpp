#include "services/processing/brain/judge.h"

#include <gmock/gmock.h>

#include <limits>
#include <tuple>

namespace larmor::processing::brain {
namespace {

using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;

/// The numbers of a healthy adult's head.
Evidence healthy() {
  return {.brain_ml = 1310,
          .cerebrum_ml = 1034,
          .white_share = 0.47,
          .cerebellum_share = 0.12,
          .deep_ml = 59,
          .found = 12,
          .symmetry = 0.94,
          .confidence = 0.83,
          .compactness = 0.41,
          .kept = 0.76};
}

/// The numbers of a good image.
Quality good() {
  Quality q;
  q.ghosts = 0.001, q.contrast = 0.3, q.contrast_to_noise = 4.2;
  q.cut = 0.04, q.cut_at = "left";
  q.one_sided = {.mm = 7, .ml = 0.4, .brightness = 0.6, .label = "cerebral cortex"};
  q.void_mm = 12;
  q.second_look = SecondLook{0.955, 0.93, "amygdala"};
  return q;
}

/// Both sides of every pair, of an adult's size.
std::vector<Measured> adult() {
  std::vector<Measured> out;
  for (const auto& [left, right, ml] : {std::tuple{2, 41, 240.},
                                        {3, 42, 270.},
                                        {4, 43, 9.},
                                        {7, 46, 14.},
                                        {8, 47, 55.},
                                        {10, 49, 7.5},
                                        {11, 50, 4.},
                                        {12, 51, 6.},
                                        {13, 52, 1.7},
                                        {17, 53, 4.3},
                                        {18, 54, 1.8},
                                        {28, 60, 4.6}}) {
    out.push_back({left, ml, 0.9});
    out.push_back({right, 1.04 * ml, 0.9});
  }
  return out;
}

std::vector<Flag> flags_of(const Quality& q) {
  return flags(healthy(), q, adult(), {1, 1, 1.2});
}

TEST(Refusal, LetsAHealthyAndAnAtrophicBrainPass) {
  EXPECT_EQ(refusal(healthy(), good()), std::nullopt);
  auto atrophic = healthy();
  atrophic.brain_ml = 900, atrophic.cerebrum_ml = 700, atrophic.deep_ml = 35, atrophic.white_share = 0.38;
  atrophic.symmetry = 0.8, atrophic.found = 10;
  EXPECT_EQ(refusal(atrophic, good()), std::nullopt);
}

TEST(Refusal, GivesEveryNumberThatMissedItsRange) {
  auto melon = healthy();
  melon.brain_ml = 3000, melon.deep_ml = 1.5, melon.found = 2;
  const auto why = refusal(melon, good());
  ASSERT_TRUE(why);
  EXPECT_THAT(*why, HasSubstr("not a brain: found 3e+03 ml of brain, expected 600 to 2200"));
  EXPECT_THAT(*why, HasSubstr("1.5 ml of deep grey matter"));
  EXPECT_THAT(*why, HasSubstr("only 2 of 12 pairs"));
}

TEST(Refusal, TakesNoNumberForANumber) {
  auto broken = healthy();
  broken.symmetry = std::numeric_limits<double>::quiet_NaN();
  EXPECT_TRUE(refusal(broken, good()));
  EXPECT_TRUE(refusal(Evidence{}, Quality{}));
}

TEST(Refusal, NamesAnImageThatIsNotT1) {
  auto t2 = good();
  t2.contrast = -0.404;  // T2 of openms_long_patient01
  EXPECT_THAT(*refusal(healthy(), t2), HasSubstr("cortex is 40% brighter than white matter"));
}

TEST(Refusal, NamesTheEndAtWhichHalfTheBrainIsMissing) {
  auto half = good();
  half.cut = 0.47, half.cut_at = "right";
  EXPECT_THAT(*refusal(healthy(), half), HasSubstr("47% of its outline end in one plane at the right"));
}

TEST(Flags, AreSilentAboutAGoodHead) {
  EXPECT_THAT(flags_of(good()), ElementsAre());
}

TEST(Flags, AreSilentAboutWhatCouldNotBeMeasured) {
  auto stripped = good();
  stripped.ghosts.reset(), stripped.second_look.reset();
  EXPECT_THAT(flags_of(stripped), ElementsAre());
}

TEST(Flags, NameWhatAReaderShouldKnow) {
  auto e = healthy();
  e.confidence = 0.75, e.symmetry = 0.75;
  auto all = adult();
  all.push_back({24, 0, 0});
  const auto found = flags(e, good(), all, {1, 1, 5});
  EXPECT_THAT(found, ElementsAre(Field(&Flag::code, "coarse_voxels"), Field(&Flag::code, "low_confidence"),
                                 Field(&Flag::code, "asymmetry"), Field(&Flag::code, "missing_structures")));
  EXPECT_THAT(found[0].text, HasSubstr("5.0 mm"));
  EXPECT_EQ(found[0].value, 5);
  EXPECT_EQ(found[0].limit, 1.5);
  EXPECT_EQ(found[0].unit, "mm");
  for (const auto& flag : found) EXPECT_EQ(flag.severity, Severity::note) << flag.code;
}

/// A number beyond its limit, and what comes of it.
struct Beyond {
  const char* code;
  Severity severity;
  void (*change)(Quality&);
  const char* words;
};
constexpr std::array kBeyond = {
    Beyond{"motion", Severity::note, [](Quality& q) { q.ghosts = 0.0114, q.ghosts_along = "front to back"; },
           "from front to back reach 1.1% of white matter, limit 0.7%"},
    Beyond{"motion", Severity::doubtful, [](Quality& q) { q.ghosts = 0.031; }, "3.1% of white matter, limit 2%"},
    Beyond{"poor_contrast", Severity::doubtful, [](Quality& q) { q.contrast = 0.091; }, "9% darker"},
    Beyond{"noise", Severity::note, [](Quality& q) { q.contrast_to_noise = 1.7; }, "1.7 standard deviations"},
    Beyond{"noise", Severity::doubtful, [](Quality& q) { q.contrast_to_noise = 0.97; }, "limit 1.2"},
    Beyond{"cropped", Severity::note, [](Quality& q) { q.cut = 0.113, q.cut_at = "top"; }, "plane at the top"},
    Beyond{"cropped", Severity::doubtful, [](Quality& q) { q.cut = 0.219; }, "22% of the brain's outline"},
    Beyond{"mass_or_cavity", Severity::doubtful,
           [](Quality& q) {
             q.one_sided = {.mm = 15, .ml = 1.9, .brightness = 0.68, .right = true, .label = "cerebral white matter"};
           },
           "15 mm have no match opposite, limit 10 mm: right; called cerebral white matter, brightness 0.68"},
    Beyond{"signal_void", Severity::doubtful, [](Quality& q) { q.void_mm = 36; }, "36 mm wide"},
    Beyond{"bright_fluid", Severity::note, [](Quality& q) { q.bright_fluid = 0.2; }, "20% of the fluid"},
    Beyond{"negative_values", Severity::doubtful, [](Quality& q) { q.negative = 0.3; }, "30% of the image's values"},
    Beyond{"disagreement", Severity::note,
           [](Quality& q) {
             q.second_look = SecondLook{0.906, 0.856, "pallidum"};
           },
           "0.906, limit 0.925; least in pallidum"},
};

TEST(Flags, SayTheNumberAndTheLimitThatItMissed) {
  for (const auto& b : kBeyond) {
    auto q = good();
    b.change(q);
    const auto found = flags_of(q);
    ASSERT_EQ(found.size(), 1u) << b.code;
    EXPECT_EQ(found[0].code, b.code);
    EXPECT_EQ(found[0].severity, b.severity) << found[0].text;
    EXPECT_THAT(found[0].text, HasSubstr(b.words));
    EXPECT_LE(found[0].text.size(), 120u) << "the page cuts what is longer: " << found[0].text;
    EXPECT_TRUE(found[0].value && found[0].limit);
  }
}

TEST(Flags, PutWhatIsDoubtfulFirst) {
  auto q = good();
  q.contrast_to_noise = 1.7, q.second_look->mean = 0.8;
  EXPECT_THAT(flags_of(q), ElementsAre(Field(&Flag::code, "disagreement"), Field(&Flag::code, "noise")));
}

TEST(Flags, NameTheLargerSide) {
  auto all = adult();
  for (auto& m : all)
    if (m.id == 4) m.ml = 37;
  const auto found = flags(healthy(), good(), all, {1, 1, 1});
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].code, "lopsided");
  EXPECT_THAT(found[0].text, HasSubstr("the lateral ventricle is 3.95 times as large on the left as on the right"));
}

TEST(Flags, CountPairsThatNoAdultHas) {
  auto all = adult();
  for (auto& m : all)
    if (m.id == 17 || m.id == 53) m.ml = 0.5;
  const auto found = flags(healthy(), good(), all, {1, 1, 1});
  ASSERT_EQ(found.size(), 1u);
  EXPECT_THAT(found[0].text, HasSubstr("no adult has: 1 (hippocampus)"));
}

TEST(FlagsOfAPerson, NameASmallChildAndNobodyElse) {
  Healthy h;
  EXPECT_THAT(flags_of_person(h), ElementsAre());
  h.person.age = 7;
  EXPECT_THAT(flags_of_person(h), ElementsAre());
  h.person.age = 4.9;
  ASSERT_EQ(flags_of_person(h).size(), 1u);
  EXPECT_THAT(flags_of_person(h)[0].text, HasSubstr("a child of 4 years, limit 6"));
  EXPECT_EQ(flags_of_person(h)[0].severity, Severity::note);
  h.person.age = 0.5;
  EXPECT_EQ(flags_of_person(h)[0].severity, Severity::doubtful);
}

TEST(FlagsOfAPerson, NameAVolumeThatIsFartherFromItsNormThanTheMethodErrs) {
  Healthy h;
  h.person.age = 60;
  h.compared.push_back({.id = 17, .name = "left hippocampus", .ml = 1, .standing = {.z = -5.5, .z_error = 0.9}});
  h.compared.push_back({.id = 53, .name = "right hippocampus", .ml = 2, .standing = {.z = -4.5, .z_error = 0.9}});
  const auto found = flags_of_person(h);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_THAT(found[0].text, HasSubstr("left hippocampus is -5.5 standard deviations off its norm, limit 4"));
}

}  // namespace
}  // namespace larmor::processing::brain

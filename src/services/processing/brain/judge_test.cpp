#include "services/processing/brain/judge.h"

#include <gmock/gmock.h>

#include <limits>

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

TEST(Refusal, LetsAHealthyAndAnAtrophicBrainPass) {
  EXPECT_EQ(refusal(healthy()), std::nullopt);
  auto atrophic = healthy();
  atrophic.brain_ml = 900, atrophic.cerebrum_ml = 700, atrophic.deep_ml = 35, atrophic.white_share = 0.38;
  atrophic.symmetry = 0.8, atrophic.found = 10;
  EXPECT_EQ(refusal(atrophic), std::nullopt);
}

TEST(Refusal, GivesEveryNumberThatMissedItsRange) {
  auto melon = healthy();
  melon.brain_ml = 3000, melon.deep_ml = 1.5, melon.found = 2;
  const auto why = refusal(melon);
  ASSERT_TRUE(why);
  EXPECT_THAT(*why, HasSubstr("not a brain: found 3e+03 ml of brain, expected 600 to 2200"));
  EXPECT_THAT(*why, HasSubstr("1.5 ml of deep grey matter"));
  EXPECT_THAT(*why, HasSubstr("only 2 of 12 pairs"));
}

TEST(Refusal, TakesNoNumberForANumber) {
  auto broken = healthy();
  broken.symmetry = std::numeric_limits<double>::quiet_NaN();
  EXPECT_TRUE(refusal(broken));
  EXPECT_TRUE(refusal(Evidence{}));
}

TEST(Flags, AreSilentAboutAGoodHead) {
  EXPECT_THAT(flags(healthy(), {{17, 4.2, 0.9}, {53, 4.3, 0.9}}, {1, 1, 1.2}), ElementsAre());
}

TEST(Flags, NameWhatAReaderShouldKnow) {
  auto e = healthy();
  e.confidence = 0.7, e.symmetry = 0.7;
  const auto all = flags(e, {{17, 4.2, 0.9}, {53, 0, 0}}, {1, 1, 5});
  EXPECT_THAT(all, ElementsAre(Field(&Flag::name, "coarse_voxels"), Field(&Flag::name, "low_confidence"),
                               Field(&Flag::name, "asymmetry"), Field(&Flag::name, "missing_structures")));
  EXPECT_THAT(all[0].text, HasSubstr("5.0 mm"));
}

}  // namespace
}  // namespace larmor::processing::brain

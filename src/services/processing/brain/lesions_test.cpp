#include "services/processing/brain/lesions.h"

#include <gmock/gmock.h>

#include <random>

#include "services/processing/brain/flair.h"
#include "services/processing/brain/testing/folded_head.h"

namespace larmor::processing::brain {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

struct Ball {
  imaging::Point centre;
  double radius;
};
constexpr Ball kOld{{60, 50, 42}, 3.5}, kGrown{{60, 50, 42}, 5}, kNew{{30, 60, 52}, 3.5};

/// A head's FLAIR with lesions in it, `shift` mm away from where the T1 lies.
imaging::Volume<float> flair(const testing::FoldedHead& head, const std::vector<Ball>& lesions, double shift,
                             float cortex = 1.25f) {
  imaging::Volume<float> out(head.labels.grid);
  std::mt19937 random(7);
  std::normal_distribution<float> noise(0, 0.03f);
  const auto& s = out.shape();
  for (std::size_t a = 0, i = 0; a < s[0]; ++a)
    for (std::size_t b = 0; b < s[1]; ++b)
      for (std::size_t c = 0; c < s[2]; ++c, ++i) {
        const int id = head.labels.voxels[i];
        float v = id == 2 ? 1.0f : id == 3 ? cortex : id == 0 ? 0.5f : 0.2f;
        for (const auto& l : lesions)
          if (std::hypot(double(a) - l.centre[0], double(b) - l.centre[1], double(c) - l.centre[2]) <= l.radius)
            v = 1.9f;
        out.voxels[i] = 400 * std::max(0.0f, v + noise(random));
      }
  out.grid.to_world.set_column(3, {shift, -shift, shift / 2});
  return out;
}

double ml(double radius) {
  return 4.18879 * radius * radius * radius / 1000;
}

TEST(Lesions, FindsALesionWhereItIsThoughTheFlairLiesElsewhere) {
  const auto head = testing::folded_head();
  const auto found = find_lesions(flair(head, {kOld}, 2), head.scan(), 2);
  ASSERT_TRUE(found) << found.error().what;
  ASSERT_THAT(found->found, SizeIs(1));
  EXPECT_NEAR(found->ml, ml(3.5), 0.35 * ml(3.5));
  EXPECT_NEAR(found->grey, 1.25, 0.05);
  for (int d = 0; d < 3; ++d) EXPECT_NEAR(found->found[0].centre[d], kOld.centre[d], 1);
  EXPECT_EQ(to_json(*found)["count"], 1);
}

TEST(Lesions, SaysNextToWhatALesionLies) {
  const auto head = testing::folded_head();
  const auto place = [&](const Ball& ball) {
    const auto bright = flair(head, {ball}, 0);
    auto mask = imaging::Mask(bright.grid);
    for (std::size_t i = 0; i < mask.size(); ++i) mask.voxels[i] = bright.voxels[i] > 1.5f * 400;
    const auto found = list_lesions(mask, bright, head.labels, 10);
    return found.size() == 1 ? std::string(found[0].place) : fmt::format("{} lesions", found.size());
  };
  EXPECT_EQ(place({{51, 48, 42}, 4}), "periventricular");
  EXPECT_EQ(place({{63, 48, 42}, 4}), "juxtacortical");
  EXPECT_EQ(place({{57, 48, 42}, 2.5}), "deep");
}

TEST(Lesions, ListsThePlaceOfACrescentWithinIt) {
  imaging::Mask mask(imaging::Grid{{30, 30, 3}, {}});
  for (int a = 0; a < 30; ++a)
    for (int b = 0; b < 15; ++b)
      if (const double r = std::hypot(a - 15, b - 15); r > 10 && r < 13) mask(a, b, 1) = 1;
  const imaging::Volume<std::uint8_t> labels(mask.grid);
  const auto found = list_lesions(mask, imaging::Volume<float>(mask.grid), labels, 10);
  ASSERT_THAT(found, SizeIs(1));
  const auto& at = found[0].centre;
  EXPECT_TRUE(mask(std::size_t(at[0]), std::size_t(at[1]), std::size_t(at[2])));
}

TEST(Lesions, FindsNoneInAHealthyBrain) {
  const auto head = testing::folded_head();
  const auto found = find_lesions(flair(head, {}, 0), head.scan(), 2);
  ASSERT_TRUE(found) << found.error().what;
  EXPECT_THAT(found->found, SizeIs(0));
}

TEST(Lesions, RefusesWhatIsNoFlair) {
  const auto head = testing::folded_head();
  const auto t1_like = find_lesions(flair(head, {}, 0, 0.7f), head.scan(), 2);
  ASSERT_FALSE(t1_like);
  EXPECT_EQ(t1_like.error().code, Code::unsupported);
  EXPECT_THAT(t1_like.error().what, HasSubstr("hardly a FLAIR"));
}

TEST(Lesions, TellsNewFromGrownAndFindsNothingTheOtherWayRound) {
  const auto head = testing::folded_head();
  const auto first = find_lesions(flair(head, {kOld}, 1), head.scan(), 2),
             second = find_lesions(flair(head, {kGrown, kNew}, -1), head.scan(), 2);
  ASSERT_TRUE(first && second);
  const auto change = compare_lesions(*first, head.scan(), *second, head.scan(), 2);
  ASSERT_TRUE(change) << change.error().what;
  ASSERT_THAT(change->fresh, SizeIs(1));
  ASSERT_THAT(change->grown, SizeIs(1));
  EXPECT_NEAR(change->fresh[0].ml, ml(3.5), 0.35 * ml(3.5));
  EXPECT_NEAR(change->grown[0].ml, ml(5) - ml(3.5), 0.4 * ml(5));
  EXPECT_NEAR(change->fresh[0].centre[1], kNew.centre[1], 1);

  const auto all = with_change(*second, head.scan(), *change);
  ASSERT_THAT(all.found, SizeIs(2));
  EXPECT_GE(all.ml, second->ml);
  EXPECT_GE(all.ml, change->fresh[0].ml + change->grown[0].ml);

  EXPECT_EQ(all.found[0].fate, Fate::grown);
  EXPECT_EQ(all.found[1].fate, Fate::fresh);
  EXPECT_EQ(to_json(all)["lesions"][1]["kind"], "new");

  const auto back = compare_lesions(*second, head.scan(), *first, head.scan(), 2);
  ASSERT_TRUE(back);
  EXPECT_THAT(back->fresh, SizeIs(0));
  EXPECT_THAT(back->grown, SizeIs(0));
}

TEST(Lesions, AreSegmentsWithCodesThatFitTheirField) {
  for (const auto& kind : kinds_of_lesions())
    EXPECT_LE(kind.type.value.size(), 16u) << kind.name << ": longer ones are no Code Value (SH, PS3.5 6.2)";
}

}  // namespace
}  // namespace larmor::processing::brain

#include "imaging/structures.h"

#include <gtest/gtest.h>

#include <set>

namespace larmor::imaging {
namespace {

TEST(Structures, AreSortedByNumberAndEachIsFoundByIt) {
  int before = 0;
  for (const auto& s : structures()) {
    EXPECT_GT(s.id, before);
    before = s.id;
    EXPECT_EQ(structure(s.id), &s);
  }
  EXPECT_EQ(structures().size(), 32u);
  EXPECT_EQ(structure(0), nullptr);
  EXPECT_EQ(structure(1000), nullptr);
}

TEST(Structures, OfTheTwoSidesAreMirrorImages) {
  for (const auto& s : structures()) {
    if (s.side == Side::middle) {
      EXPECT_EQ(s.partner, 0) << s.key;
      continue;
    }
    const auto* other = structure(s.partner);
    ASSERT_NE(other, nullptr) << s.key;
    EXPECT_EQ(other->partner, s.id);
    EXPECT_NE(other->side, s.side);
    EXPECT_EQ(other->name, s.name);
    EXPECT_EQ(other->type.value, s.type.value);
    EXPECT_EQ(other->colour, s.colour);
    EXPECT_NE(laterality(s.side), nullptr);
  }
}

TEST(Structures, HaveNoTwoOfOneKindAndSide) {
  std::set<std::pair<std::string_view, Side>> seen;
  for (const auto& s : structures()) EXPECT_TRUE(seen.emplace(s.type.value, s.side).second) << s.key;
}

TEST(Structures, SayTheSideInWords) {
  EXPECT_EQ(full_name(*structure(17)), "left hippocampus");
  EXPECT_EQ(full_name(*structure(53)), "right hippocampus");
  EXPECT_EQ(full_name(*structure(16)), "brainstem");
}

TEST(Colours, BecomeLabAsTheStandardScalesIt) {
  // White is L* 100, a* and b* 0: 65535, and 0 on the axis from -128 to 127.
  const auto white = to_dicom_lab({255, 255, 255});
  EXPECT_EQ(white[0], 65535);
  EXPECT_NEAR(white[1], 65535.0 * 128 / 255, 40);
  EXPECT_NEAR(white[2], 65535.0 * 128 / 255, 40);
  EXPECT_EQ(to_dicom_lab({0, 0, 0})[0], 0);
  // Red in D50 Lab: 54.3, 80.8, 69.9.
  const auto red = to_dicom_lab({255, 0, 0});
  EXPECT_NEAR(red[0] / 65535.0 * 100, 54.3, 0.2);
  EXPECT_NEAR(red[1] / 65535.0 * 255 - 128, 80.8, 0.3);
  EXPECT_NEAR(red[2] / 65535.0 * 255 - 128, 69.9, 0.3);
}

}  // namespace
}  // namespace larmor::imaging

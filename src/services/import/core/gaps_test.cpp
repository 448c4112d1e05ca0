#include "services/import/core/gaps.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace larmor::importing {
namespace {

std::vector<double> stack(int slices, double spacing) {
  std::vector<double> z;
  for (int i = 0; i < slices; ++i) z.push_back(-50 + i * spacing);
  return z;
}

TEST(Gaps, AreNoneInAWholeStackInAnyOrder) {
  auto z = stack(100, 1.2);
  std::reverse(z.begin(), z.begin() + 40);
  EXPECT_EQ(find_gaps(z).missing, 0);
}

TEST(Gaps, AreCountedAndPlaced) {
  auto z = stack(100, 1);
  z.erase(z.begin() + 30, z.begin() + 33);
  z.erase(z.begin() + 70);
  const auto gaps = find_gaps(z);
  EXPECT_EQ(gaps.missing, 4);
  EXPECT_DOUBLE_EQ(gaps.from_mm, -21);
  EXPECT_DOUBLE_EQ(gaps.to_mm, -17);
}

TEST(Gaps, DoNotCountASliceThatIsThereTwice) {
  auto z = stack(40, 2);
  const auto again = z;
  z.insert(z.end(), again.begin(), again.end());
  EXPECT_EQ(find_gaps(z).missing, 0);
}

TEST(Gaps, AreNotSeenInLocalizersOrIrregularStacks) {
  EXPECT_EQ(find_gaps(std::vector<double>{0, 10, 40}).missing, 0);
  std::vector<double> growing;
  for (int i = 0; i < 30; ++i) growing.push_back(i * i);
  EXPECT_EQ(find_gaps(growing).missing, 0);
}

TEST(Gaps, TolerateTheRoundingOfPositions) {
  std::vector<double> z;
  for (int i = 0; i < 60; ++i) z.push_back(i * 0.9 + (i % 3) * 0.04);
  EXPECT_EQ(find_gaps(z).missing, 0);
}

}  // namespace
}  // namespace larmor::importing

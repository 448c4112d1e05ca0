#include "services/processing/brain/prior.h"

#include <gtest/gtest.h>

namespace larmor::processing::brain {
namespace {

TEST(Prior, CountsTheYearsBetweenTwoDates) {
  EXPECT_NEAR(*years_between("20240301", "20250301"), 1, 0.002);
  EXPECT_NEAR(*years_between("20240101", "20240722"), 203 / 365.25, 1e-9);
}

TEST(Prior, HasNoIntervalWithoutTwoDatesInOrder) {
  EXPECT_FALSE(years_between("20250301", "20250301"));
  EXPECT_FALSE(years_between("20250301", "20240301"));
  EXPECT_FALSE(years_between("", "20240301"));
  EXPECT_FALSE(years_between("20241301", "20250101"));
  EXPECT_FALSE(years_between("2024-1-1", "20250101"));
}

}  // namespace
}  // namespace larmor::processing::brain

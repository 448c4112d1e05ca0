#include "base/clock.h"

#include <gtest/gtest.h>

namespace larmor {
namespace {

TEST(Time, SurvivesBeingWrittenAndReadBack) {
  const auto t = Time(1'795'486'563'120'007us);
  EXPECT_EQ(from_rfc3339(to_rfc3339(t)).value(), t);
}

TEST(Time, RefusesDaysThatDoNotExist) {
  EXPECT_FALSE(from_rfc3339("2026-02-30T00:00:00Z"));
  EXPECT_FALSE(from_rfc3339("yesterday"));
  EXPECT_FALSE(from_rfc3339("2026-02-03T00:00:00+01:00"));
}

}  // namespace
}  // namespace larmor

#include "services/export/core/breaker.h"

#include <gtest/gtest.h>

namespace larmor::exporting {
namespace {

const Time kNow = Time{} + std::chrono::hours(1000);

TEST(Breaker, IsClosedUntilFailuresFollowEachOther) {
  Breaker b({2, 10s, 60s});
  b.failed(kNow);
  EXPECT_TRUE(b.closed());
  b.succeeded();
  b.failed(kNow);
  EXPECT_TRUE(b.closed());
  b.failed(kNow);
  EXPECT_FALSE(b.closed());
  EXPECT_EQ(b.greet_at(), kNow + 10s);
}

TEST(Breaker, WaitsTwiceAsLongAfterEachSilenceUpToTheMost) {
  Breaker b({1, 10s, 60s});
  for (const auto pause : {10s, 20s, 40s, 60s, 60s}) {
    b.failed(kNow);
    EXPECT_EQ(b.greet_at(), kNow + pause);
  }
  for (int i = 0; i < 1000; ++i) b.failed(kNow);
  EXPECT_EQ(b.greet_at(), kNow + 60s);
}

TEST(Breaker, ClosesWithOneSuccess) {
  Breaker b({1, 10s, 60s});
  b.failed(kNow);
  b.failed(kNow);
  b.succeeded();
  EXPECT_TRUE(b.closed());
  b.failed(kNow);
  EXPECT_EQ(b.greet_at(), kNow + 10s);
}

}  // namespace
}  // namespace larmor::exporting

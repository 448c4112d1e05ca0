#include "services/dispatch/core/retry.h"

#include <gtest/gtest.h>

namespace larmor::dispatch {
namespace {

const Error kAway{Code::unavailable, "the archive is away", {}, {}};
const RetryPolicy kPolicy{.max_attempts = 20, .base = 5s, .cap = 900s};

TEST(Retry, NeverWaitsLongerThanTheCap) {
  Random random(1);
  for (int attempt = 1; attempt < 20; ++attempt)
    for (int i = 0; i < 200; ++i) {
      const auto verdict = after_failure(kPolicy, attempt, kAway, true, random);
      const auto& retry = std::get<RetryIn>(verdict);
      EXPECT_GE(retry.wait, 0s);
      EXPECT_LE(retry.wait, ceiling(kPolicy, attempt));
      EXPECT_LE(retry.wait, kPolicy.cap);
    }
}

TEST(Retry, DoublesTheCeilingUntilTheCap) {
  EXPECT_EQ(ceiling(kPolicy, 1), 5s);
  EXPECT_EQ(ceiling(kPolicy, 2), 10s);
  EXPECT_EQ(ceiling(kPolicy, 8), 640s);
  EXPECT_EQ(ceiling(kPolicy, 9), 900s);
  EXPECT_EQ(ceiling(kPolicy, 1'000'000), 900s);
}

TEST(Retry, SpreadsJobsThatFailedTogether) {
  Random random(2);
  Duration least = kPolicy.cap, most{0};
  for (int i = 0; i < 100; ++i) {
    const auto wait = std::get<RetryIn>(after_failure(kPolicy, 10, kAway, true, random)).wait;
    least = std::min(least, wait);
    most = std::max(most, wait);
  }
  EXPECT_LT(least, kPolicy.cap / 10);
  EXPECT_GT(most, kPolicy.cap / 10 * 9);
}

TEST(Retry, GivesUpAtOnceWhenTheInputIsWrong) {
  Random random(3);
  EXPECT_TRUE(
      std::holds_alternative<Dead>(after_failure(kPolicy, 1, {Code::invalid, "no images", {}, {}}, true, random)));
}

TEST(Retry, BelievesAWorkerThatSaysItIsInVain) {
  Random random(3);
  EXPECT_TRUE(std::holds_alternative<Dead>(after_failure(kPolicy, 1, kAway, false, random)));
}

TEST(Retry, GivesUpAfterTheLastAttempt) {
  Random random(4);
  EXPECT_TRUE(std::holds_alternative<RetryIn>(after_failure(kPolicy, 19, kAway, true, random)));
  EXPECT_TRUE(std::holds_alternative<Dead>(after_failure(kPolicy, 20, kAway, true, random)));
}

}  // namespace
}  // namespace larmor::dispatch

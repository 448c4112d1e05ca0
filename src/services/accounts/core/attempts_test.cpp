#include "services/accounts/core/attempts.h"

#include <gtest/gtest.h>

namespace larmor::accounts {
namespace {

constexpr Time kStart{1'800'000'000s};

TEST(Attempts, LetAPersonMistypeAFewTimes) {
  Attempts attempts;
  for (int i = 0; i < 5; ++i) EXPECT_EQ(attempts.begin("anna", "10.0.0.1", kStart), 0s) << i;
  EXPECT_EQ(attempts.begin("anna", "10.0.0.1", kStart), 2s);
  EXPECT_EQ(attempts.begin("bert", "10.0.0.1", kStart), 0s) << "somebody else at the same address";
}

TEST(Attempts, AreSlowerAndSlowerForWhoeverGuesses) {
  Attempts attempts;
  Time now = kStart;
  int looked_at = 0;
  for (const auto end = kStart + 24h; now < end; ++looked_at) now += attempts.begin("anna", "10.0.0.1", now);
  EXPECT_LT(looked_at, 2 * 130) << "a day of guessing; every second step is a wait";
}

TEST(Attempts, ThatHaveToWaitDoNotMakeTheWaitLonger) {
  Attempts attempts;
  for (int i = 0; i < 5; ++i) (void)attempts.begin("anna", "10.0.0.1", kStart);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(attempts.begin("anna", "10.0.0.1", kStart), 2s);
  EXPECT_EQ(attempts.begin("anna", "10.0.0.1", kStart + 2s), 0s);
}

TEST(Attempts, FromManyPlacesLockNobodyOutForLong) {
  Attempts attempts;
  for (int i = 0; i < 1000; ++i) (void)attempts.begin("anna", "10.0." + std::to_string(i), kStart + i * 1min);
  EXPECT_LE(attempts.begin("anna", "10.1.0.1", kStart + 1000min), 30s);
}

TEST(Attempts, OfManyUsersFromOnePlaceAreSlowedDownToo) {
  Attempts attempts;
  int looked_at = 0;
  for (int i = 0; i < 1000; ++i) looked_at += attempts.begin("user" + std::to_string(i), "10.0.0.1", kStart) == 0s;
  EXPECT_EQ(looked_at, 30);
}

TEST(Attempts, AreForgottenAfterTheRightPassword) {
  Attempts attempts;
  for (int day = 0; day < 1000; ++day) {
    ASSERT_EQ(attempts.begin("anna", "10.0.0.1", kStart), 0s);
    attempts.succeeded("anna", "10.0.0.1");
  }
}

TEST(Attempts, TakeBoundedMemoryHoweverManyNamesAreTried) {
  Attempts attempts;
  for (std::size_t i = 0; i < Attempts::kMost + 500; ++i)
    (void)attempts.begin("u" + std::to_string(i), "a" + std::to_string(i), kStart + static_cast<int>(i) * 1ms);
  EXPECT_EQ(attempts.begin("anna", "10.0.0.1", kStart), 0s);
}

}  // namespace
}  // namespace larmor::accounts

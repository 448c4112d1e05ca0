#include "base/number.h"

#include <gtest/gtest.h>

#include <cstdint>

namespace larmor {
namespace {

TEST(ToNumber, TakesTheWholeTextOrNothing) {
  EXPECT_EQ(to_number<int>("-12"), -12);
  EXPECT_EQ(to_number<std::uint32_t>("7FE00010", 16), 0x7FE00010u);
  EXPECT_EQ(to_number<double>("1.5e2"), 150);
  for (const auto* text : {"", " 1", "1 ", "+1", "1x", "x"}) {
    EXPECT_EQ(to_number<int>(text), std::nullopt) << text;
    EXPECT_EQ(to_number<double>(text), std::nullopt) << text;
  }
}

TEST(ToNumber, RefusesWhatTheTypeCannotHold) {
  EXPECT_EQ(to_number<std::uint8_t>("256"), std::nullopt);
  EXPECT_EQ(to_number<unsigned>("-1"), std::nullopt);
  for (const auto* text : {"inf", "nan", "1e999"}) EXPECT_EQ(to_number<double>(text), std::nullopt) << text;
}

}  // namespace
}  // namespace larmor

#include "services/dispatch/core/order.h"

#include <gtest/gtest.h>

namespace larmor::dispatch {
namespace {

const Time kNoon = Time(1'000'000s);

TEST(Order, PutsUrgentWorkFirst) {
  EXPECT_LT(rank(Priority::urgent, kNoon + 10min, 30min), rank(Priority::routine, kNoon, 30min));
  EXPECT_LT(rank(Priority::routine, kNoon + 10min, 30min), rank(Priority::low, kNoon, 30min));
}

TEST(Order, IsByAgeWithinAPriority) {
  EXPECT_LT(rank(Priority::routine, kNoon, 30min), rank(Priority::routine, kNoon + 1us, 30min));
}

TEST(Order, LetsNobodyStarve) {
  EXPECT_LT(rank(Priority::low, kNoon, 30min), rank(Priority::urgent, kNoon + 61min, 30min));
}

}  // namespace
}  // namespace larmor::dispatch

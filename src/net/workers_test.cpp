#include "net/workers.h"

#include <gtest/gtest.h>

#include <future>
#include <set>

namespace larmor::net {
namespace {

TEST(Workers, CallWhoHasWorkedLast) {
  Workers workers(16, 16);
  std::set<std::thread::id> seen;
  for (int i = 0; i < 100; ++i) {
    std::promise<std::thread::id> who;
    ASSERT_TRUE(workers.offer([&] { who.set_value(std::this_thread::get_id()); }));
    seen.insert(who.get_future().get());
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  EXPECT_LT(seen.size(), 8u);  // in turns, it would be all of them
}

TEST(Workers, DoAtOnceWhatComesAtOnce) {
  Workers workers(4, 16);
  std::atomic<int> inside{0};
  std::promise<void> all;
  const auto task = [&] {
    if (++inside == 4) all.set_value();
    while (inside < 4) std::this_thread::yield();
  };
  for (int i = 0; i < 4; ++i) ASSERT_TRUE(workers.offer(task));
  EXPECT_EQ(all.get_future().wait_for(std::chrono::seconds(10)), std::future_status::ready);
}

TEST(Workers, HaveAThreadForADriverWhenEveryPlaceIsTaken) {
  std::promise<void> driven;
  Workers workers(2, 16, 1);
  ASSERT_TRUE(workers.take_place());
  ASSERT_TRUE(workers.take_place());
  EXPECT_FALSE(workers.take_place());
  std::atomic<bool> ran{false};
  ASSERT_TRUE(workers.offer([&] { ran = true; }));
  workers.drive([&] { driven.set_value(); });
  EXPECT_EQ(driven.get_future().wait_for(std::chrono::seconds(10)), std::future_status::ready);
  EXPECT_FALSE(ran);
  workers.give_back_place();
  EXPECT_FALSE(workers.take_place() && !ran);  // who waits has it first
  workers.stop();
  EXPECT_TRUE(ran);
}

TEST(Workers, ThatWaitForOthersLeaveAPlaceForWhoDoesNot) {
  std::promise<void> come, served;
  Workers workers(4, 2);
  std::atomic<int> waiting{0};
  const auto wait = [&, come = come.get_future().share()] {
    ++waiting;
    come.wait();
  };
  for (int i = 1; i <= 3; ++i) {
    ASSERT_TRUE(workers.offer(wait, true));
    while (waiting < i) std::this_thread::yield();
  }
  EXPECT_TRUE(workers.offer(wait, true));
  EXPECT_TRUE(workers.offer(wait, true));
  EXPECT_FALSE(workers.offer(wait, true)) << "two are in line";
  ASSERT_TRUE(workers.offer([&] { served.set_value(); }));
  EXPECT_EQ(served.get_future().wait_for(std::chrono::seconds(10)), std::future_status::ready);
  while (!workers.take_place()) std::this_thread::yield();  // once that thread rests
  workers.give_back_place();
  EXPECT_EQ(waiting, 3);
  come.set_value();
  workers.stop();
  EXPECT_EQ(waiting, 5);
}

TEST(Workers, FinishWhatWasAcceptedAndTakeNoMore) {
  std::atomic<int> done{0};
  Workers workers(2, 100);
  for (int i = 0; i < 50; ++i) ASSERT_TRUE(workers.offer([&] { ++done; }));
  workers.stop();
  EXPECT_EQ(done, 50);
  EXPECT_FALSE(workers.offer([] {}));
}

}  // namespace
}  // namespace larmor::net

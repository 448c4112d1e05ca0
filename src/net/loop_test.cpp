#include "net/loop.h"

#include <future>

#include "net/test_support.h"

namespace larmor::net {
namespace {
using namespace testing;

constexpr int kSlow = 3;

std::string get(std::string_view path) {
  return fmt::format("GET {} HTTP/1.1\r\nHost: x\r\n\r\n", path);
}

TEST(Loop, GoesOnWhileItsDriverIsHeldUp) {
  std::promise<void> gate;
  std::atomic<int> inside{0};
  const auto open = gate.get_future().share();
  const Running running({route(Method::get, "/slow",
                               [&inside, open](const Request&) {
                                 ++inside;
                                 open.wait();
                                 return say("slow");
                               }),
                         route(Method::get, "/quick", [](const Request&) { return say("quick"); })},
                        {.workers = kSlow + 1});
  std::deque<Raw> slow, quick;
  for (int i = 0; i < kSlow; ++i) ASSERT_TRUE(slow.emplace_back(running.server->port()).send(get("/slow")));
  EXPECT_TRUE(soon([&] { return inside == kSlow; }));
  for (int i = 0; i < 16; ++i) {  // more than there are loops
    ASSERT_TRUE(quick.emplace_back(running.server->port()).send(get("/quick")));
    EXPECT_NE(quick.back().read_until("quick").find(" 200 "), std::string::npos);
  }
  gate.set_value();
  for (auto& one : slow) {
    EXPECT_NE(one.read_until("slow").find(" 200 "), std::string::npos);
    ASSERT_TRUE(one.send(get("/quick")));
    EXPECT_NE(one.read_until("quick").find(" 200 "), std::string::npos);
  }
}

/// Some answers end just when the loop is taken away from them.
TEST(Loop, LosesNothingWhenItIsTakenOverAgainAndAgain) {
  const Running running({route(Method::get, "/after/{us}", [](const Request& r) {
    std::this_thread::sleep_for(std::chrono::microseconds(std::stoi(r.capture("us"))));
    return say(r.capture("us") + ".");
  })});
  std::vector<std::thread> readers;
  std::atomic<int> right{0};
  for (int reader = 0; reader < 8; ++reader)
    readers.emplace_back([&, reader] {
      Raw raw(running.server->port());
      for (int i = 0; i < 100; ++i) {
        const auto us = std::to_string((reader * 7919 + i * 104729) % 4000);
        right += raw.send(get("/after/" + us)) && raw.read_until(us + ".").find(" 200 ") != std::string::npos;
      }
    });
  for (auto& reader : readers) reader.join();
  EXPECT_EQ(right, 800);
}

TEST(Loop, StopsWhileAnAnswerIsStillBeingMade) {
  std::atomic<bool> inside{false}, done{false};
  auto running = std::make_unique<Running>(std::vector{route(Method::get, "/slow", [&](const Request&) {
    inside = true;
    std::this_thread::sleep_for(300ms);
    done = true;
    return say("slow");
  })});
  Raw raw(running->server->port());
  ASSERT_TRUE(raw.send(get("/slow")));
  ASSERT_TRUE(soon([&] { return inside.load(); }));
  running->server.reset();
  EXPECT_TRUE(done);
  EXPECT_NE(raw.read_to_end().find("slow"), std::string::npos);
}

}  // namespace
}  // namespace larmor::net

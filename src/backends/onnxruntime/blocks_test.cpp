#include "backends/onnxruntime/blocks.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <thread>
#include <vector>

namespace larmor::onnxruntime {
namespace {

constexpr std::size_t kMiB = std::size_t{1} << 20;

TEST(Blocks, AreUsedAgainForTheSameSize) {
  Blocks blocks(100 * kMiB);
  void* first = blocks.take(20 * kMiB);
  std::memset(first, 7, 20 * kMiB);
  blocks.give(first);
  EXPECT_EQ(blocks.take(19 * kMiB), first);
  EXPECT_EQ(blocks.reused(), 1u);
  EXPECT_EQ(blocks.idle_bytes(), 0u);
}

TEST(Blocks, MuchLargerThanAskedForAreLeftAlone) {
  Blocks blocks(100 * kMiB);
  void* large = blocks.take(40 * kMiB);
  blocks.give(large);
  EXPECT_NE(blocks.take(10 * kMiB), large);
  EXPECT_EQ(blocks.reused(), 0u);
}

TEST(Blocks, ThatLieIdleGoBackWhenOthersNeedTheRoom) {
  Blocks blocks(30 * kMiB);
  blocks.give(blocks.take(20 * kMiB));
  EXPECT_EQ(blocks.idle_bytes(), 20 * kMiB);
  void* other = blocks.take(12 * kMiB);
  EXPECT_EQ(blocks.idle_bytes(), 0u);
  blocks.give(other);
}

TEST(Blocks, ThatLieIdleStayWithinTheBound) {
  Blocks blocks(30 * kMiB);
  std::vector<void*> all;
  for (int i = 0; i < 10; ++i) all.push_back(blocks.take(10 * kMiB));
  for (void* b : all) blocks.give(b);
  EXPECT_LE(blocks.idle_bytes(), 30 * kMiB);
  EXPECT_GT(blocks.idle_bytes(), 0u);
}

TEST(Blocks, AreAlignedHoweverSmall) {
  Blocks blocks(kMiB);
  for (const std::size_t n : {std::size_t{1}, std::size_t{65}, std::size_t{4097}, 3 * kMiB}) {
    void* b = blocks.take(n);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(b) % 64, 0u);
    blocks.give(b);
  }
  blocks.give(nullptr);
}

TEST(Blocks, BeyondAllMemoryAreNullInsteadOfACrash) {
  Blocks blocks(kMiB);
  EXPECT_EQ(blocks.take(~std::size_t{0}), nullptr);
  EXPECT_EQ(blocks.take(std::size_t{1} << 45), nullptr);
}

TEST(Blocks, AreNeverGivenToTwoTakers) {
  Blocks blocks(64 * kMiB);
  std::vector<std::jthread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&blocks, t] {
      for (int i = 0; i < 200; ++i) {
        const std::size_t n = (1 + std::size_t(i + t) % 5) * kMiB;
        auto* b = static_cast<unsigned char*>(blocks.take(n));
        b[0] = b[n - 1] = static_cast<unsigned char>(t);
        std::this_thread::yield();
        ASSERT_EQ(b[0], t);
        ASSERT_EQ(b[n - 1], t);
        blocks.give(b);
      }
    });
}

}  // namespace
}  // namespace larmor::onnxruntime

#include "base/prompt.h"

#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <thread>

namespace larmor {
namespace {

/// In nanoseconds, as the kernel tells it; empty where it does not (before 6.12, or without that file).
std::string slice_of_this_thread() {
  std::ifstream file("/proc/thread-self/sched");
  for (std::string line; std::getline(file, line);)
    if (line.starts_with("se.slice")) return line.substr(line.find_last_of(' ') + 1);
  return "";
}

TEST(PromptThread, HasShorterSlicesThanItsNeighbours) {
  const auto before = slice_of_this_thread();
  if (before.empty()) GTEST_SKIP() << "this kernel does not tell the length of slices";
  std::string prompt;
  std::thread([&] {
    be_prompt();
    prompt = slice_of_this_thread();
  }).join();
  EXPECT_LT(std::stol(prompt), std::stol(before));
  EXPECT_EQ(slice_of_this_thread(), before);
}

}  // namespace
}  // namespace larmor

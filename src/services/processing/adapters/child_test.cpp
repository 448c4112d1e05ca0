#include "services/processing/adapters/child.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <thread>

#include "base/file.h"
#include "base/random.h"
#include "base/test_support.h"

namespace larmor::processing {
namespace {

using How = Ending::How;
using testing::HasSubstr;

class AChild : public testing::Test {
 protected:
  AChild() {
    std::filesystem::create_directories(folder / "in");
    std::filesystem::create_directories(folder / "out");
  }

  ChildProgram program(const std::string& role) const {
    return {"/proc/self/exe",
            {"pipeline", role, "--in", folder / "in", "--out", folder / "out", "--job", R"({"arguments": {}})"},
            {"PATH=/usr/bin:/bin"},
            folder};
  }
  Ending run(const std::string& role) {
    return run_child(program(role), limits,
                     {[&](std::string_view line) { lines.emplace_back(line); }, [&] { return go_on.load(); }})
        .value();
  }
  Json result() const { return Json::parse(*read_file(folder / "out" / "result.json")); }
  Verdict verdict(const Ending& ending) const { return judge(ending, {}, limits, 1); }

  Scratch scratch;
  const std::filesystem::path folder = scratch.path();
  Limits limits{.memory_bytes = std::uint64_t{512} << 20, .time = 60s, .disk_bytes = std::uint64_t{1} << 30};
  std::vector<std::string> lines;
  std::atomic<bool> go_on = true;
};

bool alive(pid_t pid) {
  std::ifstream status(fmt::format("/proc/{}/stat", pid));
  std::string number, name, state;
  return status >> number >> name >> state && state != "Z";
}

TEST_F(AChild, RunsAndTellsItsProgress) {
  const auto ending = run("good");
  EXPECT_EQ(ending.how, How::exited);
  EXPECT_EQ(ending.code, 0);
  EXPECT_THAT(lines, testing::ElementsAre(R"({"fraction": 0.5, "step": "segmenting"})"));
}

TEST_F(AChild, ThatCrashesHarmsNobodyAndLeavesItsLastWords) {
  const auto ending = run("crashes");
  EXPECT_EQ(ending.how, How::signalled);
  EXPECT_EQ(ending.code, SIGSEGV);
  EXPECT_THAT(ending.last_words, HasSubstr("not mine"));
}

TEST_F(AChild, ThatEatsMemoryIsEndedByItsOwnLimit) {
#ifdef __SANITIZE_ADDRESS__
  GTEST_SKIP() << "the address sanitizer cannot live under a limit of memory";
#endif
  const auto failed = std::get<Failed>(verdict(run("eats_memory")));
  EXPECT_EQ(failed.error.what, "the pipeline ran out of memory: it needs more than the 512 MiB it may have");
}

TEST_F(AChild, ThatHangsIsEndedThoughItIgnoresBeingAsked) {
  limits.time = 300ms;
  const auto ending = run("hangs");
  EXPECT_EQ(ending.how, How::timed_out);
  EXPECT_THAT(ending.last_words, HasSubstr("waiting for a lock"));
}

TEST_F(AChild, IsStoppedInGoodOrder) {
  go_on = false;
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(run("waits").how, How::stopped);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 4s) << "SIGTERM was enough";
}

TEST_F(AChild, MayPrintGarbageWithoutEnd) {
  const auto ending = run("prints_garbage");
  EXPECT_EQ(ending.code, 0);
  EXPECT_EQ(result()["refused"], "this is a melon");
}

TEST_F(AChild, MayWriteMegabytesOfErrorsOfWhichTheEndIsKept) {
  const auto ending = run("huge_stderr");
  EXPECT_EQ(ending.code, 1);
  EXPECT_LE(ending.last_words.size(), 4096u);
  EXPECT_TRUE(ending.last_words.ends_with("line 99999 of very many\nthe end\n"));
  EXPECT_TRUE(ending.last_words.starts_with("line "));
}

TEST_F(AChild, TakesItsGrandchildrenAlong) {
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(run("leaves_a_grandchild").code, 0);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 10s) << "the grandchild held the pipes";
  const auto grandchild = std::stoi(*read_file(folder / "out" / "grandchild"));
  for (int i = 0; i < 200 && alive(grandchild); ++i) std::this_thread::sleep_for(10ms);
  EXPECT_FALSE(alive(grandchild));
}

TEST_F(AChild, MayNotFillTheDisk) {
  limits.disk_bytes = 8 << 20;
  EXPECT_EQ(run("fills_the_disk").how, How::too_much_disk);
}

TEST_F(AChild, SeesNothingOfItsParent) {
  ::setenv("LARMOR_TEST_SECRET", "x", 1);
  int leaky[2];
  ASSERT_EQ(::pipe(leaky), 0);  // without O_CLOEXEC, as a careless library would
  ASSERT_EQ(run("looks_around").code, 0);
  ::close(leaky[0]);
  ::close(leaky[1]);
  const auto seen = result()["findings"];
  EXPECT_EQ(seen["environment"], Json::array({"PATH=/usr/bin:/bin"}));
  EXPECT_EQ(seen["files"].size(), 3u) << seen["files"];
  EXPECT_EQ(seen["files"][0], "/dev/null");
  EXPECT_EQ(seen["stdin_at_end"], true);
  EXPECT_EQ(seen["killed_first"], "500\n");
  const auto others = std::filesystem::perms::group_all | std::filesystem::perms::others_all;
  EXPECT_EQ(std::filesystem::status(folder / "out" / "result.json").permissions() & others,
            std::filesystem::perms::none);
  EXPECT_EQ(seen["nice"], 5);
  EXPECT_EQ(seen["folder"], std::filesystem::canonical(folder).string());
}

TEST_F(AChild, DiesWithItsParent) {
  const auto parent = ::fork();
  if (parent == 0) {
    const auto ended = run_child(program("leaves_its_name"), limits, {[](std::string_view) {}, [] { return true; }});
    ::_exit(ended ? 0 : 1);
  }
  const auto name = folder / "out" / "name";
  for (int i = 0; i < 1000 && !std::filesystem::exists(name); ++i) std::this_thread::sleep_for(10ms);
  const auto child = std::stoi(*read_file(name));
  EXPECT_TRUE(alive(child));
  ::kill(parent, SIGKILL);
  ::waitpid(parent, nullptr, 0);
  for (int i = 0; i < 500 && alive(child); ++i) std::this_thread::sleep_for(10ms);
  EXPECT_FALSE(alive(child));
}

TEST_F(AChild, ThatCannotBeStartedIsAnErrorAndNothingElse) {
  auto absent = program("good");
  absent.executable = "/nowhere/larmor";
  const auto ending = run_child(absent, limits, {[](std::string_view) {}, [] { return true; }});
  ASSERT_FALSE(ending);
  EXPECT_THAT(ending.error().what, HasSubstr("cannot start /nowhere/larmor"));
}

}  // namespace
}  // namespace larmor::processing

// The test program is also the pipeline that it tests with: `processing_test pipeline NAME --in DIR --out DIR --job
// JSON` behaves, or misbehaves, as NAME says.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <iostream>
#include <thread>

#include "base/json.h"

namespace larmor::processing {
namespace {

namespace fs = std::filesystem;

struct Given {
  fs::path in, out;
  Json job;
};

void write(const fs::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

std::string text_of(const fs::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

int good(const Given& given) {
  std::cout << R"({"fraction": 0.5, "step": "segmenting"})" << std::endl;
  std::int64_t images = 0;
  for (const auto& entry : fs::recursive_directory_iterator(given.in)) images += entry.is_regular_file();
  write(given.out / "report.pdf", "%PDF-");
  // The helper copies what its arguments name as the object that it "made".
  Json instances = Json::array();
  if (const auto made = given.job["arguments"].value("made", ""); !made.empty()) {
    fs::copy_file(made, given.out / "seg.dcm");
    instances.push_back("seg.dcm");
  }
  write(given.out / "result.json", Json{{"findings", {{"images", images}}},
                                        {"version", "9"},
                                        {"stages", {{"all", 0.1}}},
                                        {"files", {"report.pdf"}},
                                        {"instances", instances}}
                                       .dump());
  return 0;
}

int refuses(const Given& given) {
  write(given.out / "result.json", R"({"refused": "this is a melon"})");
  return 0;
}

int explains(const Given& given) {
  write(given.out / "result.json", R"({"error": {"code": "unsupported", "what": "slices are missing"}})");
  return 2;
}

int crashes(const Given&) {
  std::cerr << "about to touch what is not mine" << std::endl;
  ::signal(SIGSEGV, SIG_DFL);
  ::raise(SIGSEGV);
  return 0;
}

int eats_memory(const Given&) {
  std::vector<std::unique_ptr<std::string>> eaten;
  for (;;) eaten.push_back(std::make_unique<std::string>(64 << 20, 'x'));
}

int hangs(const Given&) {
  std::cerr << "waiting for a lock" << std::endl;
  ::signal(SIGTERM, SIG_IGN);
  for (;;) ::pause();
}

int waits(const Given&) {
  std::cout << R"({"fraction": 0.1, "step": "waiting"})" << std::endl;
  for (;;) ::pause();
}

int leaves_its_name(const Given& given) {
  write(given.out / "name.new", std::to_string(::getpid()));
  fs::rename(given.out / "name.new", given.out / "name");
  for (;;) ::pause();
}

int hangs_a_while(const Given& given) {
  std::this_thread::sleep_for(3s);
  return good(given);
}

int prints_garbage(const Given& given) {
  for (int i = 0; i < 20'000; ++i)
    std::cout << "\xff{\"fraction\": \"all\"} 99% [[[" << std::string(100, 'x') << (i % 7 ? "" : "\n");
  return refuses(given);
}

int huge_stderr(const Given&) {
  for (int i = 0; i < 100'000; ++i) std::cerr << "line " << i << " of very many\n";
  std::cerr << "the end\n";
  return 1;
}

int leaves_a_grandchild(const Given& given) {
  if (::fork() == 0) {
    write(given.out / "new", std::to_string(::getpid()));
    fs::rename(given.out / "new", given.out / "grandchild");
    for (;;) ::pause();  // holds stdout and stderr open
  }
  while (!fs::exists(given.out / "grandchild")) std::this_thread::sleep_for(1ms);
  return refuses(given);
}

int fills_the_disk(const Given& given) {
  for (int i = 0;; ++i) {
    write(given.out / std::to_string(i), std::string(1 << 20, 'x'));
    std::this_thread::sleep_for(5ms);
  }
}

int looks_around(const Given& given) {
  Json seen{{"environment", Json::array()}, {"files", Json::array()}, {"folder", fs::current_path().string()}};
  for (char** at = ::environ; *at; ++at) seen["environment"].push_back(*at);
  for (const auto& entry : fs::directory_iterator("/proc/self/fd")) {
    std::error_code gone;
    const auto to = fs::read_symlink(entry.path(), gone).string();
    if (!to.ends_with("/fd")) seen["files"].push_back(to);
  }
  seen["nice"] = ::getpriority(PRIO_PROCESS, 0);
  seen["killed_first"] = text_of("/proc/self/oom_score_adj");
  seen["stdin_at_end"] = std::cin.get() == EOF;
  write(given.out / "result.json", Json{{"findings", seen}}.dump());
  return 0;
}

int play(const std::string& name, const Given& given) {
  const std::map<std::string, int (*)(const Given&)> roles = {{"good", good},
                                                              {"refuses", refuses},
                                                              {"explains", explains},
                                                              {"crashes", crashes},
                                                              {"eats_memory", eats_memory},
                                                              {"hangs", hangs},
                                                              {"waits", waits},
                                                              {"prints_garbage", prints_garbage},
                                                              {"huge_stderr", huge_stderr},
                                                              {"leaves_a_grandchild", leaves_a_grandchild},
                                                              {"fills_the_disk", fills_the_disk},
                                                              {"looks_around", looks_around},
                                                              {"hangs_a_while", hangs_a_while},
                                                              {"leaves_its_name", leaves_its_name}};
  return roles.at(name)(given);
}

}  // namespace
}  // namespace larmor::processing

int main(int count, char** words) {
  using namespace larmor;
  if (count >= 9 && std::string(words[1]) == "pipeline")
    return processing::play(words[2], {words[4], words[6], Json::parse(words[8])});
  std::error_code none;  // crashes of processes do not ask for a disk, and memory makes the tests quick
  if (std::filesystem::is_directory("/dev/shm", none)) ::setenv("TMPDIR", "/dev/shm", 0);
  ::testing::InitGoogleTest(&count, words);
  return RUN_ALL_TESTS();
}

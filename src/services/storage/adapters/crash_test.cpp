// What happens to acknowledged objects when the program, the disk or the sender gives up.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <random>
#include <thread>

#include "base/text.h"
#include "services/storage/adapters/test_object.h"
#include "services/storage/maintenance.h"

namespace larmor::storage {
namespace {

using testing::dicom_file;
using testing::House;
using testing::nth_file;

/// In a child process: puts from four threads until killed, and writes each acknowledged UID into the pipe.
[[noreturn]] void put_until_killed(const std::filesystem::path& directory, int round, int pipe) {
  House house(directory);
  std::vector<std::thread> senders;
  for (int s = 0; s < 4; ++s)
    senders.emplace_back([&, s] {
      for (int i = 1;; ++i) {
        const auto receipt = house.put(nth_file(i, {.study = fmt::format("1.{}", round),
                                                    .series = fmt::format("1.{}.{}", round, s),
                                                    .pixels = static_cast<std::size_t>(500 + 700 * (i % 9))}));
        const auto line = receipt ? receipt->instance.str() + "\n" : std::string("failed\n");
        if (::write(pipe, line.data(), line.size()) < 0) ::_exit(1);
      }
    });
  for (auto& sender : senders) sender.join();
  ::_exit(0);
}

/// The UIDs that were acknowledged before the child died at a moment that `random` chose.
std::vector<std::string> run_and_kill(const std::filesystem::path& directory, int round, std::mt19937& random) {
  std::array<int, 2> ends{};
  EXPECT_EQ(::pipe(ends.data()), 0);
  const auto child = ::fork();
  if (child == 0) {
    ::close(ends[0]);
    put_until_killed(directory, round, ends[1]);
  }
  ::close(ends[1]);
  std::string text;
  std::array<char, 4096> piece{};
  const auto wanted = std::uniform_int_distribution<std::size_t>(1, 4000)(random);  // bytes of answers before the kill
  bool killed = false;
  for (;;) {
    if (!killed && text.size() >= wanted) killed = ::kill(child, SIGKILL) == 0;
    const auto n = ::read(ends[0], piece.data(), piece.size());
    if (n <= 0) break;
    text.append(piece.data(), static_cast<std::size_t>(n));
  }
  ::close(ends[0]);
  EXPECT_EQ(::waitpid(child, nullptr, 0), child);
  auto lines = split(text, '\n');
  lines.pop_back();  // what stands behind the last line end
  return lines;
}

TEST(Crash, LosesNothingAcknowledgedWhenKilledAtAnyMoment) {
  const Scratch scratch;
  std::mt19937 random(20261124);
  std::vector<std::string> acknowledged;
  for (int round = 1; round <= 15; ++round) {
    const auto more = run_and_kill(scratch.path(), round, random);
    EXPECT_FALSE(more.empty());
    acknowledged.insert(acknowledged.end(), more.begin(), more.end());
    House house(scratch.path());
    for (const auto& uid : more) ASSERT_TRUE(house.get(uid)) << "acknowledged, but not there: " << uid;
  }
  House house(scratch.path());
  std::map<std::string, int> times;
  for (events::Seq after = 0;;) {
    const auto page = house.events->read({.after = after, .limit = 5000, .types = {"instance.stored"}}, Call{});
    ASSERT_TRUE(page);
    for (const auto& event : page->events) ++times[event.fields.at("instance").get<std::string>()];
    if (page->events.empty()) break;
    after = page->events.back().seq;
  }
  for (const auto& uid : acknowledged) ASSERT_EQ(times[uid], 1) << uid;
  EXPECT_EQ(house.storage->health(Call{})->instances, static_cast<std::int64_t>(times.size()));
  house.stop();
  const auto report = verify(scratch.path());
  ASSERT_TRUE(report);
  EXPECT_EQ(report->finding_count, 0) << report->findings.at(0).what;
}

/// An ext4 file system of 160 MiB on a loop device; gone at the end. Needs root.
class SmallDisk {
 public:
  explicit SmallDisk(const std::filesystem::path& scratch) : image_(scratch / "disk.img"), mount_(scratch / "disk") {
    std::filesystem::create_directories(mount_);
    ready_ = ::geteuid() == 0 && run("truncate -s 160M {0} && mkfs.ext4 -q -F {0} && mount -o loop {0} {1}");
  }
  ~SmallDisk() {
    if (ready_) run("umount {1}");
  }
  bool ready() const { return ready_; }
  const std::filesystem::path& path() const { return mount_; }

 private:
  bool run(const char* command) {
    return std::system(
               fmt::format(fmt::runtime(std::string(command) + " 2>/dev/null"), image_.string(), mount_.string())
                   .c_str()) == 0;
  }
  std::filesystem::path image_, mount_;
  bool ready_ = false;
};

TEST(FullDisk, RefusesClearlyLosesNothingAndWorksAgainWhenThereIsRoom) {
  const Scratch scratch;
  const SmallDisk disk(scratch.path());
  if (!disk.ready()) GTEST_SKIP() << "needs root, mkfs.ext4 and a loop device to make a small disk";
  const auto ballast = disk.path() / "ballast";
  std::ofstream(ballast) << std::string(std::size_t{20} << 20, 'b');
  std::vector<std::string> kept;
  const auto fill_up = [&](House& house, int round) -> Error {
    for (int i = 1; i < 10'000; ++i) {
      auto receipt = house.put(nth_file(i, {.series = fmt::format("1.{}", round), .pixels = 500'000}));
      if (!receipt) return receipt.error();
      kept.push_back(receipt->instance.str());
    }
    return {};
  };
  House house(disk.path());
  house.stop();
  house.options.kept_free.reset();  // the usual: 5 % of such a small disk
  house.start();
  const auto refusal = fill_up(house, 1);
  EXPECT_EQ(refusal.code, Code::out_of_space) << refusal.what;
  EXPECT_NE(refusal.what.find("kept free"), std::string::npos) << refusal.what;
  EXPECT_GT(kept.size(), 150u);
  EXPECT_LT(house.storage->health(Call{})->free_bytes, house.storage->health(Call{})->kept_free_bytes + 1'000'000);
  for (const auto& uid : kept) ASSERT_TRUE(house.get(uid)) << uid;
  const auto large = dicom_file({.instance = "1.9", .pixels = 30'000'000});
  EXPECT_EQ(house.put(large).error().code, Code::out_of_space);
  std::filesystem::remove(ballast);
  ASSERT_TRUE(house.put(nth_file(1, {.series = "1.2"})));
  house.stop();
  house.options.kept_free = 0;  // now until the very last block
  house.start();
  EXPECT_EQ(fill_up(house, 3).code, Code::out_of_space);
  for (const auto& uid : kept) ASSERT_TRUE(house.get(uid)) << uid;
  for (const auto& entry : std::filesystem::directory_iterator(disk.path() / "packs"))
    EXPECT_EQ(std::system(fmt::format("tar tf {} > /dev/null", entry.path().string()).c_str()), 0) << entry.path();
}

/// A DICOM file of any size that was never in memory.
class Endless final : public ByteSource {
 public:
  Endless(std::string front, std::uint64_t size) : front_(std::move(front)), size_(size) {}
  Result<std::size_t> read(MutableBytes into) override {
    const auto n = static_cast<std::size_t>(std::min<std::uint64_t>({into.size(), size_ - at_, 1 << 20}));
    for (std::size_t i = 0; i < n; ++i) into[i] = byte(at_ + i);
    at_ += n;
    return n;
  }
  std::byte byte(std::uint64_t at) const {
    return at < front_.size() ? static_cast<std::byte>(front_[static_cast<std::size_t>(at)])
                              : static_cast<std::byte>(at * 31 >> 3);
  }

 private:
  std::string front_;
  std::uint64_t size_, at_ = 0;
};

long peak_memory_kib() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmHWM:")) return std::atol(line.c_str() + 6);
  return 0;
}

TEST(LargeObject, PassesThroughWithFlatMemory) {
  const Scratch scratch;
  House house(scratch.path());
  constexpr std::uint64_t kSize = 200 << 20;
  const auto front = dicom_file({.pixels = 10});
  Endless once(front, kSize);
  ASSERT_TRUE(std::ofstream("/proc/self/clear_refs") << "5");  // the peak starts anew
  const auto before = peak_memory_kib();
  const auto receipt = house.storage->put(once, {}, Call{});
  ASSERT_TRUE(receipt) << to_string(receipt.error());
  EXPECT_LT(peak_memory_kib() - before, 40 << 10);
  EXPECT_EQ(receipt->size, kSize);
  Endless again(front, kSize);
  EXPECT_EQ(house.storage->put(again, {}, Call{})->kept, Kept::duplicate);
  const auto object = house.storage->open(SopUid("1.2.3.1.1"), Call{}).value();
  std::vector<std::byte> piece(4096);
  for (const std::uint64_t at : {std::uint64_t{0}, (std::uint64_t{16} << 20) - 2000, kSize - 4096}) {
    ASSERT_EQ(object->read_at(at, piece).value(), piece.size());
    for (std::size_t i = 0; i < piece.size(); ++i) ASSERT_EQ(piece[i], once.byte(at + i)) << at + i;
  }
  house.stop();
  EXPECT_EQ(verify(scratch.path())->finding_count, 0);
  int packs = 0;
  for (const auto& entry : std::filesystem::directory_iterator(scratch.path() / "packs")) {
    ++packs;
    EXPECT_EQ(entry.path().extension(), ".tar");
  }
  EXPECT_EQ(packs, 1);
}

TEST(LargeObject, LeavesNothingBehindWhenItsSenderDies) {
  class Dying final : public ByteSource {
   public:
    Result<std::size_t> read(MutableBytes into) override {
      if (total_ > (40 << 20)) return fail(Code::unavailable, "the sender is gone");
      auto got = inner_.read(into);
      total_ += got.value();
      return got;
    }

   private:
    Endless inner_{dicom_file({.pixels = 10}), 100 << 20};
    std::size_t total_ = 0;
  } source;
  const Scratch scratch;
  House house(scratch.path());
  EXPECT_EQ(house.storage->put(source, {}, Call{}).error().code, Code::unavailable);
  EXPECT_TRUE(std::filesystem::is_empty(scratch.path() / "packs"));
}

}  // namespace
}  // namespace larmor::storage

// Puts synthetic objects straight into a storage directory from several threads, without DICOM around it.
//
//   storage_put DIRECTORY SENDERS OBJECTS BYTES [FIRST]   prints objects per second
//   storage_put DIRECTORY SENDERS 0 BYTES [FIRST]         until killed; prints the UID of each object once it was
//   acknowledged
#include <atomic>
#include <cstdio>
#include <iostream>
#include <set>
#include <thread>

#include "services/storage/adapters/test_object.h"
#include "services/storage/maintenance.h"

namespace larmor::storage {
namespace {

struct Work {
  int senders;
  long objects;
  std::size_t bytes;
  std::string first;
};

/// One association: one series, the same pixels, another number in each object.
void send(Storage& storage, const Work& work, int sender, std::atomic<long>& failed) {
  const auto series = fmt::format("1.2.{}.{}", work.first, sender);
  const Origin origin{"c-store", "BENCH", "127.0.0.1", fmt::format("{}", sender)};
  for (long i = 1; work.objects == 0 || i <= work.objects / work.senders; ++i) {
    const auto file =
        testing::nth_file(static_cast<int>(i), {.study = "1.2." + work.first, .series = series, .pixels = work.bytes});
    MemorySource source(as_bytes(file));
    const auto receipt = storage.put(source, origin, Call{});
    if (!receipt && ++failed == 1) fmt::print(stderr, "{}\n", to_string(receipt.error()));
    if (!receipt) return;
    if (work.objects > 0) continue;
    const auto line = receipt->instance.str() + "\n";  // one write: whole lines also when killed
    if (std::fwrite(line.data(), 1, line.size(), stdout) != line.size() || std::fflush(stdout) != 0) return;
  }
}

int run(const std::filesystem::path& directory, const Work& work) {
  const auto events = events::make(directory, system_clock());
  if (!events) return fmt::print(stderr, "{}\n", to_string(events.error())), 1;
  const auto storage = make({.directory = directory}, **events, system_clock());
  if (!storage) return fmt::print(stderr, "{}\n", to_string(storage.error())), 1;
  std::atomic<long> failed{0};
  const auto start = std::chrono::steady_clock::now();
  std::vector<std::thread> senders;
  for (int s = 0; s < work.senders; ++s) senders.emplace_back([&, s] { send(**storage, work, s, failed); });
  for (auto& sender : senders) sender.join();
  const std::chrono::duration<double> acknowledged = std::chrono::steady_clock::now() - start;
  (void)(*storage)->studies({}, Call{});
  const std::chrono::duration<double> indexed = std::chrono::steady_clock::now() - start;
  const auto each = static_cast<double>(work.objects / work.senders * work.senders);
  if (work.objects > 0)
    fmt::print("{:.0f} objects/s acknowledged, {:.0f} objects/s with index and events\n", each / acknowledged.count(),
               each / indexed.count());
  return failed > 0 ? 1 : 0;
}

/// Every object that the event log has told.
std::set<std::string> told(events::EventLog& events) {
  std::set<std::string> uids;
  for (events::Seq after = 0;;) {
    const auto page = events.read({.after = after, .limit = 5000, .types = {"instance.stored"}}, Call{});
    if (!page || page->events.empty()) return uids;
    for (const auto& event : page->events) uids.insert(event.fields.at("instance").get<std::string>());
    after = page->events.back().seq;
  }
}

/// The bytes of every object are read again by verify(); here each acknowledged one has to be in the index and in the
/// events.
int check(const std::filesystem::path& directory) {
  const auto events = events::make(directory, system_clock());
  if (!events) return fmt::print(stderr, "{}\n", to_string(events.error())), 1;
  long asked = 0, missing = 0;
  {
    const auto storage = make({.directory = directory}, **events, system_clock());
    if (!storage) return fmt::print(stderr, "{}\n", to_string(storage.error())), 1;
    const auto events_of = told(**events);
    for (std::string uid; std::getline(std::cin, uid); ++asked)
      if (!(*storage)->open(SopUid(uid), Call{}) || !(*storage)->instance(SopUid(uid), Call{}) ||
          !events_of.contains(uid))
        ++missing;
  }
  const auto report = verify(directory);
  if (!report) return fmt::print(stderr, "{}\n", to_string(report.error())), 1;
  fmt::print("asked={} missing={} findings={}\n", asked, missing, report->finding_count);
  return 0;
}

}  // namespace
}  // namespace larmor::storage

int main(int count, char** words) {
  if (count == 3 && std::string_view(words[2]) == "--check") return larmor::storage::check(words[1]);
  if (count < 5)
    return fmt::print(stderr, "usage: storage_put DIRECTORY SENDERS OBJECTS BYTES [FIRST] | DIRECTORY --check\n"), 2;
  return larmor::storage::run(words[1], {std::max(1, std::atoi(words[2])), std::atol(words[3]),
                                         static_cast<std::size_t>(std::atol(words[4])), count > 5 ? words[5] : "1"});
}

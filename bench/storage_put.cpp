// Puts synthetic objects straight into a storage directory from several threads, without DICOM around it.
//
//   storage_put DIRECTORY SENDERS OBJECTS BYTES [FIRST]   prints objects per second
#include <atomic>
#include <cstdio>
#include <thread>

#include "services/storage/adapters/test_object.h"

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
  for (long i = 1; i <= work.objects / work.senders; ++i) {
    const auto file =
        testing::nth_file(static_cast<int>(i), {.study = "1.2." + work.first, .series = series, .pixels = work.bytes});
    MemorySource source(as_bytes(file));
    const auto receipt = storage.put(source, origin, Call{});
    if (!receipt && ++failed == 1) fmt::print(stderr, "{}\n", to_string(receipt.error()));
    if (!receipt) return;
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
  const auto sent = work.objects / work.senders * work.senders;
  fmt::print("{:.0f} objects/s acknowledged, {:.0f} objects/s with index and events\n",
             static_cast<double>(sent) / acknowledged.count(), static_cast<double>(sent) / indexed.count());
  return failed > 0 ? 1 : 0;
}

}  // namespace
}  // namespace larmor::storage

int main(int count, char** words) {
  if (count < 5) return fmt::print(stderr, "usage: storage_put DIRECTORY SENDERS OBJECTS BYTES [FIRST]\n"), 2;
  return larmor::storage::run(words[1], {std::max(1, std::atoi(words[2])), std::atol(words[3]),
                                         static_cast<std::size_t>(std::atol(words[4])), count > 5 ? words[5] : "1"});
}

// Sends objects to a C-STORE SCP as fast as it takes them, over several associations at once. The data are in memory
// before the clock starts; the same sender serves every peer that a bench compares.
//
//   store_sender PORT CALLED_AE ASSOCIATIONS OBJECTS PER_SERIES FOLDER
//
// FOLDER holds Part 10 files whose study, series and instance UIDs are the place holders of bench/sender.py; each
// object gets UIDs of its own there, so that no receiver can take it for one that it has. Prints one line of JSON.
#include <atomic>
#include <cstdio>
#include <cstring>
#include <thread>

#include "base/file.h"
#include "base/prompt.h"
#include "base/random.h"
#include "dicom/dimse/file_head.h"
#include "dicom/dimse/scu.h"

namespace larmor::dimse {
namespace {

// As in bench/sender.py; all of one length, so that they are replaced in place.
constexpr std::string_view kStudy = "2.25.111111111111111111111111111111111111";
constexpr std::string_view kSeries = "2.25.222222222222222222222222222222222222";
constexpr std::string_view kInstance = "2.25.333333333333333333333333333333333333";

struct Template {
  FileMeta meta;
  std::string bytes;
  std::vector<std::size_t> study, series, instance;  // where the place holders are
};

std::vector<std::size_t> places(const std::string& bytes, std::string_view holder) {
  std::vector<std::size_t> found;
  for (auto at = bytes.find(holder); at != std::string::npos; at = bytes.find(holder, at + 1)) found.push_back(at);
  return found;
}

/// The place holder with its last digits taken by numbers: as long as before.
std::string numbered(std::string_view holder, std::uint64_t run, long a, long b) {
  auto tail = fmt::format("{:08}{:04}{:08}", run % 100'000'000, a % 10'000, b % 100'000'000);
  return std::string(holder.substr(0, holder.size() - tail.size())) + tail;
}

Result<std::vector<Template>> load(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  std::vector<Template> templates;
  for (const auto& path : paths) {
    Template t;
    t.bytes = TRY(read_file(path));
    MemorySource source(as_bytes(t.bytes));
    t.meta = TRY(read_file_head(source));
    t.study = places(t.bytes, kStudy), t.series = places(t.bytes, kSeries), t.instance = places(t.bytes, kInstance);
    if (t.study.empty() || t.series.empty() || t.instance.empty())
      return fail(Code::invalid, "{} has no place holders", path.string());
    templates.push_back(std::move(t));
  }
  if (templates.empty()) return fail(Code::not_found, "{} is empty", folder.string());
  return templates;
}

struct Plan {
  Peer peer;
  long objects = 0, per_series = 0;
  std::uint64_t run = 0;
};

Outgoing object(const Plan& plan, const Template& t, int association, long n) {
  const auto series_number = n / plan.per_series;
  const auto instance = numbered(kInstance, plan.run, association, n);
  return {t.meta.sop_class, SopUid(instance), t.meta.transfer_syntax,
          [&plan, &t, association, series_number, instance]() -> Result<std::unique_ptr<ByteSource>> {
            struct Owned final : ByteSource {
              explicit Owned(std::string b) : bytes(std::move(b)) {}
              Result<std::size_t> read(MutableBytes into) override { return source.read(into); }
              std::string bytes;
              MemorySource source{as_bytes(bytes)};
            };
            auto bytes = t.bytes;
            const auto put = [&](const std::vector<std::size_t>& where, const std::string& uid) {
              for (const auto at : where) std::memcpy(bytes.data() + at, uid.data(), uid.size());
            };
            put(t.study, numbered(kStudy, plan.run, association, series_number));
            put(t.series, numbered(kSeries, plan.run, association, series_number));
            put(t.instance, instance);
            return std::make_unique<Owned>(std::move(bytes));
          }};
}

int run(const Plan& plan, int associations, const std::filesystem::path& folder) {
  const auto templates = load(folder);
  if (!templates) return fmt::print(stderr, "{}\n", to_string(templates.error())), 2;
  std::atomic<long> sent{0}, refused{0};
  std::atomic<bool> go{false};
  std::vector<std::thread> threads;
  for (int a = 0; a < associations; ++a)
    threads.emplace_back([&, a] {
      be_prompt();  // a real sender has a machine of its own
      std::vector<Outgoing> objects;
      for (long n = 0; n < plan.objects; ++n)
        objects.push_back(object(plan, (*templates)[static_cast<std::size_t>(n) % templates->size()], a, n));
      while (!go) std::this_thread::sleep_for(1ms);
      const auto delivery = send(plan.peer, objects);
      if (!delivery) return fmt::print(stderr, "{}\n", to_string(delivery.error())), void(refused += plan.objects);
      for (const auto& r : delivery->refused) fmt::print(stderr, "{}: {}\n", r.instance, to_string(r.why));
      sent += delivery->sent, refused += static_cast<long>(delivery->refused.size());
    });
  std::this_thread::sleep_for(200ms);
  const auto began = std::chrono::steady_clock::now();
  go = true;
  for (auto& t : threads) t.join();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  fmt::print("{{\"sent\": {}, \"refused\": {}, \"seconds\": {:.4f}, \"per_second\": {:.2f}}}\n", sent.load(),
             refused.load(), took.count(), static_cast<double>(sent) / took.count());
  return refused > 0 ? 1 : 0;
}

}  // namespace
}  // namespace larmor::dimse

int main(int count, char** arguments) {
  if (count != 7) {
    std::fputs("store_sender PORT CALLED_AE ASSOCIATIONS OBJECTS PER_SERIES FOLDER\n", stderr);
    return 2;
  }
  larmor::dimse::Plan plan;
  plan.peer = {"the receiver", "127.0.0.1", std::atoi(arguments[1]), larmor::AeTitle(arguments[2]),
               larmor::AeTitle("BENCH")};
  plan.peer.answer = std::chrono::seconds(120);
  plan.objects = std::atol(arguments[4]), plan.per_series = std::atol(arguments[5]);
  plan.run = larmor::Random().next();
  return larmor::dimse::run(plan, std::atoi(arguments[3]), arguments[6]);
}

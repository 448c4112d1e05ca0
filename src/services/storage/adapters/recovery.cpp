#include "services/storage/adapters/recovery.h"

#include "base/log.h"
#include "base/number.h"
#include "services/storage/adapters/indexer.h"
#include "services/storage/adapters/pack_walk.h"
#include "services/storage/adapters/packs.h"

namespace larmor::storage {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBatch = 512;
constexpr auto kTellEvery = 5s;
constexpr std::uint64_t kTarEnd = 2 * kBlock;

ArrivalPtr arrival_of(std::int64_t pack, const PackRecord& record) {
  auto what = describe(record.front, record.head.size, record.head.digest);
  if (!what) {  // cannot have been acknowledged so; the bytes stay where they are
    log::alarm("storage", "pack {} holds at {} an object that cannot be read: {}", pack, record.offset,
               what.error().what);
    return nullptr;
  }
  auto arrival = std::make_shared<Arrival>();
  arrival->what = std::move(*what);
  arrival->origin = record.head.origin;
  arrival->at = record.head.received;
  arrival->place = {pack, record.offset};
  arrival->state = Arrival::State::durable;
  if (names_conflict(record.head.name)) {
    arrival->kept = Kept::conflict;
    arrival->kept_as = record.head.name;
  }
  return arrival;
}

class Recovery {
 public:
  Recovery(const fs::path& packs, Index& index, events::EventLog& events)
      : packs_(packs), index_(index), events_(events) {}

  Result<Recovered> run() {
    const auto numbers = TRY(list_packs(packs_));
    auto told = std::chrono::steady_clock::now();
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      CHECK_OK(one(numbers[i], i + 1 == numbers.size()));
      if (recovered_.objects == 0 || std::chrono::steady_clock::now() - told < kTellEvery) continue;
      told = std::chrono::steady_clock::now();
      log::note("storage", "indexing: pack {} of {}, {} objects so far", i + 1, numbers.size(), recovered_.objects);
    }
    CHECK_OK(commit_batch());
    return recovered_;
  }

 private:
  Result<void> one(std::int64_t pack, bool newest) {
    const auto path = pack_path(packs_, pack);
    const auto from = TRY(index_.indexed_to(pack));
    std::error_code error;
    const auto size = fs::file_size(path, error);
    if (error) return fail(Code::unavailable, "cannot look at pack {}: {}", path.string(), error.message());
    auto end = from;
    if (size != from + kTarEnd) {
      const auto walked = TRY(walk_pack(path, from, [&](const PackRecord& record) { return take(pack, record); }));
      end = walked.end;
      report(pack, walked);
      if (!newest) fs::resize_file(path, end + kTarEnd, error);
    }
    if (newest) {
      recovered_.newest = pack;
      recovered_.newest_end = end;
    }
    return {};
  }

  Result<void> take(std::int64_t pack, const PackRecord& record) {
    auto arrival = arrival_of(pack, record);
    if (!arrival) return {};
    ++recovered_.objects;
    batch_.push_back(std::move(arrival));
    return batch_.size() < kBatch ? Result<void>{} : commit_batch();
  }

  Result<void> commit_batch() {
    CHECK_OK(commit(batch_, index_, events_, Call{}));
    batch_.clear();
    return {};
  }

  static void report(std::int64_t pack, const PackEnd& walked) {
    for (const auto& damage : walked.damage)
      log::alarm("storage", "pack {} is damaged from byte {} to {}{}{}; run `larmor storage verify`", pack, damage.from,
                 damage.to, damage.name.empty() ? "" : ", record ", damage.name);
    if (walked.torn)
      log::note("storage",
                "pack {} ended in a record that was being written when the machine stopped; nobody was told it is "
                "safe, so it is cut off at byte {}",
                pack, walked.end);
  }

  const fs::path& packs_;
  Index& index_;
  events::EventLog& events_;
  Recovered recovered_;
  std::vector<ArrivalPtr> batch_;
};

}  // namespace

Result<std::vector<std::int64_t>> list_packs(const fs::path& packs) {
  std::vector<std::int64_t> numbers;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(packs, error)) {
    const auto stem = entry.path().stem().string();
    const auto number = to_number<std::int64_t>(stem);
    if (entry.path().extension() == ".tar" && number) numbers.push_back(*number);
  }
  if (error) return fail(Code::unavailable, "cannot list the packs in {}: {}", packs.string(), error.message());
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

Result<Recovered> recover(const fs::path& packs, Index& index, events::EventLog& events) {
  return Recovery(packs, index, events).run();
}

}  // namespace larmor::storage

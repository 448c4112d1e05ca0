#include "services/storage/adapters/indexer.h"

#include "base/log.h"

namespace larmor::storage {
namespace {

constexpr std::size_t kMostInBatch = 512;
constexpr Duration kGather = 20ms, kQuietAfter = 2s, kFirstQuietAfter = 100ms;
constexpr Duration kFirstPause = 50ms, kLongestPause = 5s;

}  // namespace

Result<void> commit(const std::vector<ArrivalPtr>& batch, Index& index, events::EventLog& events, const Call& call) {
  std::vector<events::NewEvent> told;
  std::vector<ArrivalPtr> kept;
  told.reserve(batch.size());
  kept.reserve(batch.size());
  for (const auto& arrival : batch) {
    if (arrival->state == Arrival::State::failed) continue;
    kept.push_back(arrival);
  }
  if (kept.empty()) return {};
  const auto firsts = TRY(index.firsts(kept));
  for (std::size_t i = 0; i < kept.size(); ++i) told.push_back(event_of(*kept[i], firsts[i]));
  if (auto appended = events.append(told, call); !appended)
    return fail_with(while_doing("telling the event log", std::move(appended).error()));
  if (auto added = index.add(kept); !added)
    return fail_with(while_doing("adding to the index", std::move(added).error()));
  return {};
}

Indexer::Indexer(Ledger& ledger, Index& index, events::EventLog& events, std::function<void()> quiet)
    : ledger_(ledger), index_(index), events_(events), quiet_(std::move(quiet)), thread_([this] { run(); }) {}

Indexer::~Indexer() {
  ledger_.stop();
  thread_.join();
}

void Indexer::run() {
  auto pause = kFirstPause;
  auto quiet_after = kFirstQuietAfter;
  for (;;) {
    const auto batch = ledger_.next_batch(kMostInBatch, kGather, quiet_after);
    if (batch.empty()) {
      if (ledger_.stopped()) return;
      quiet_();
      quiet_after = kQuietAfter;
      continue;
    }
    for (;;) {
      auto outcome = commit(batch, index_, events_, Call{});
      if (outcome) break;
      if (pause == kFirstPause)
        log::alarm("storage", "{} objects are safe but not indexed yet: {}", batch.size(), to_string(outcome.error()));
      if (ledger_.stopped()) return;
      std::this_thread::sleep_for(pause);
      pause = std::min(pause * 2, kLongestPause);
    }
    pause = kFirstPause;
    ledger_.done(batch);
  }
}

}  // namespace larmor::storage

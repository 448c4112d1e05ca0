#pragma once
/// Carries what has been stored into the event log and then into the index, batch by batch, in the order of writing.
///
/// The event log first: the index remembers how far it has come, so a crash between the two tells the same events
/// again, under the same keys. When either is away, the batch is tried again until the program stops; then the packs
/// keep it for the next start. When nothing has arrived for a while it calls `quiet`, for what is better done then.
/// Threads: one of its own, from construction to destruction. The peers outlive it.
#include <functional>
#include <thread>

#include "services/storage/adapters/index.h"
#include "services/storage/adapters/ledger.h"

namespace larmor::storage {

/// One batch into both.
Result<void> commit(const std::vector<ArrivalPtr>&, Index&, events::EventLog&, const Call&);

class Indexer {
 public:
  Indexer(Ledger&, Index&, events::EventLog&, std::function<void()> quiet);
  ~Indexer();

 private:
  void run();
  Ledger& ledger_;
  Index& index_;
  events::EventLog& events_;
  std::function<void()> quiet_;
  std::thread thread_;
};

}  // namespace larmor::storage

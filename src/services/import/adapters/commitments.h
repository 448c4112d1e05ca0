#pragma once
/// Storage commitment (PS3.4 annex J): takes requests into the log, and tells those who hung up before they were told.
///
/// Owns one thread, which calls the destinations of the settings by the AE title of who asked. What is owed is known
/// from the log (reader "import.commitments"): a restart goes on telling. Bounds: `kMostOwed` in memory, attempts as
/// `wait_after` says.
#include <condition_variable>
#include <mutex>
#include <thread>

#include "dicom/dimse/scp.h"
#include "services/import/core/commitment.h"
#include "services/storage/storage.h"

namespace larmor::importing {

/// Who may be called, by AE title.
using Destinations = std::map<AeTitle, dimse::Peer>;

/// Threads: any.
class Commitments {
 public:
  static constexpr std::size_t kMostOwed = 1000;

  /// Begins at once. All must outlive it. `run` begins the ids of this process's associations: what others have left
  /// untold is owed.
  Commitments(storage::Storage&, events::EventLog&, const Clock&, const Destinations&, std::string run);
  ~Commitments();
  Commitments(const Commitments&) = delete;

  /// In the log when it returns. Told over the association while it stands, otherwise by `closed`.
  Result<void> take(const dimse::Association&, const dimse::Commitment&);
  /// An instance counts when storage gives it back whole.
  Result<dimse::CommitmentReport> judge(const dimse::Commitment&) const;
  void told(const dimse::Association&, const dimse::CommitmentReport&);
  void closed(const dimse::Association&);

 private:
  void work(const std::stop_token&);
  Result<void> recall();
  void attempt(Owed);
  Result<SopClassUid> kept(const SopUid&) const;

  storage::Storage& storage_;
  events::EventLog& log_;
  const Clock& clock_;
  const Destinations& destinations_;
  std::string run_;

  std::mutex mutex_;  ///< guards what is below
  std::condition_variable_any changed_;
  std::vector<Owed> promised_;  ///< to associations that stand
  std::vector<Owed> owed_;      ///< to those who hung up
  std::jthread worker_;         // last: it ends first
};

}  // namespace larmor::importing

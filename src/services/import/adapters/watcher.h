#pragma once
/// Follows the event log, and says when series and studies are complete.
///
/// Owns two threads: one that reads the log and decides, one that asks the archive, so that a slow archive holds up
/// nobody. Its place in the log (reader "import") is where the oldest study still arriving begins: a restart knows all
/// of it again.
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "dicom/dimse/peer.h"
#include "services/events/events.h"
#include "services/import/core/arrivals.h"

namespace larmor::importing {

class Watcher {
 public:
  /// Begins at once. The log and the clock must outlive it. `run` begins the ids of this process's associations: those
  /// of others that the log shows open are lost.
  Watcher(const Policy&, std::optional<dimse::Peer> archive, std::string run, events::EventLog&, const Clock&);
  ~Watcher();
  Watcher(const Watcher&) = delete;

  std::vector<ArrivalView> views() const;

 private:
  struct Question {
    StudyUid study;
    Time asked;
  };
  struct Answer {
    Question question;
    std::optional<ArchiveCount> count;
  };

  void watch(const std::stop_token&);
  Result<void> begin();
  Result<void> round();
  Result<void> recall(const events::Event& first_seen);
  Result<void> say_all();
  void take_answers();
  void ask(const std::stop_token&);

  std::optional<dimse::Peer> archive_;
  std::string run_;
  events::EventLog& log_;
  const Clock& clock_;

  mutable std::mutex mutex_;  ///< guards what is below
  Arrivals arrivals_;
  std::condition_variable_any asked_;
  std::deque<Question> questions_;
  std::vector<Answer> answers_;

  events::Seq read_ = 0, settled_ = 0;  ///< of the watching thread alone, as is `unsaid_`
  Time again_;
  bool begun_ = false;
  std::vector<events::NewEvent> unsaid_;
  std::jthread asker_, watcher_;
};

}  // namespace larmor::importing

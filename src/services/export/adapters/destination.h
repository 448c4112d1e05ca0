#pragma once
/// One destination: its queue, its circuit breaker, and the thread that serves both.
///
/// Claims the jobs of `export/NAME` one after the other: C-STORE over one association, then C-FIND for what was sent.
/// While the breaker is open nothing is claimed; the destination is greeted by C-ECHO instead.
#include <mutex>
#include <thread>

#include "dicom/dimse/scu.h"
#include "services/dispatch/dispatch.h"
#include "services/events/events.h"
#include "services/export/core/breaker.h"
#include "services/storage/storage.h"

namespace larmor::exporting {

struct Peers {
  events::EventLog& log;
  storage::Storage& storage;
  dispatch::Dispatch& dispatch;
  const Clock& clock;
};

class Destination {
 public:
  Destination(std::string name, dimse::Peer peer, bool confirm, const BreakerPolicy&, const Peers&);
  ~Destination();  ///< stops between two objects; the job is given back
  Destination(const Destination&) = delete;
  /// Begins to end, without waiting.
  void stop();

  const std::string& name() const { return name_; }
  const dimse::Peer& peer() const { return peer_; }
  std::string queue() const { return "export/" + name_; }
  std::string last_error() const;

 private:
  struct Sent {
    std::int64_t instances = 0;
    std::optional<std::int64_t> found;  ///< by C-FIND
    std::string unconfirmed;            ///< why it was not asked, or could not be
  };

  void serve(const std::stop_token&);
  void greet();
  void work(const dispatch::Lease&, const std::stop_token&);
  Result<Sent> deliver(const dispatch::Lease&, const std::function<bool(double)>& go_on);
  Result<Sent> confirm(const StudyUid&, const std::vector<storage::InstanceRow>&);
  Result<std::vector<SopUid>> listed(const StudyUid&, const std::vector<storage::InstanceRow>&);
  void tell(const dispatch::Lease&, const std::string& type, Json fields);
  void remember(const std::string& error);

  std::string name_;
  dimse::Peer peer_;
  bool confirm_;
  Peers peers_;
  Breaker breaker_;  ///< of the thread alone
  mutable std::mutex mutex_;
  std::string last_error_;
  std::jthread thread_;
};

}  // namespace larmor::exporting

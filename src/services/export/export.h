#pragma once
/// Export sends results to where people read them, one queue and one circuit breaker per destination.
///
/// Owns: destinations and their connections. Never: makes or changes an object.
/// Threads: every method may be called from any thread.
/// Failures: `unavailable` (peer away or rejects for now, retryable), `not_found` (no such destination).
/// Invariants: objects keep their SOP Instance UIDs, so that sending again is the same object again; a destination that
/// is down holds up no other. Events: export.sent, export.confirmed (found there by C-FIND), export.failed.
#include <string>
#include <vector>

#include "base/call.h"
#include "base/id.h"
#include "base/json.h"

namespace larmor::exporting {  // `export` is a keyword of C++

struct DestinationView {
  std::string name;  ///< "archive"
  std::string host;
  int port = 0;
  AeTitle called, calling;
  std::int64_t waiting = 0, dead = 0;
  std::string last_error;  ///< empty after a success
};

struct EchoReport {
  bool reached = false;
  double seconds = 0;
  std::string words;  ///< what happened, for a person
};

class Exporting {
 public:
  virtual ~Exporting() = default;
  virtual Result<std::vector<DestinationView>> destinations(const Call&) = 0;
  /// C-ECHO to the destination now.
  virtual Result<EchoReport> echo(const std::string& destination, const Call&) = 0;
  /// Puts instances of a study into the destination's queue; the job's id.
  virtual Result<JobId> send(const StudyUid&, const std::vector<SopUid>&, const std::string& destination,
                             const Call&) = 0;
};

}  // namespace larmor::exporting

#pragma once
/// Storage commitment as the log keeps it, and what may be said of it. Pure.
#include <functional>
#include <optional>

#include "dicom/dimse/commitment.h"
#include "services/events/events.h"

namespace larmor::importing {

/// Somebody who was promised a word.
struct Owed {
  AeTitle calling;
  std::string association;
  dimse::Commitment commitment;
  int attempts = 0;  ///< over associations of our own
  Time due;
};

/// One event for each caller and transaction: a request that is repeated is in the log once.
events::NewEvent requested_event(const Owed&, const std::string& address);
events::NewEvent reported_event(const AeTitle& calling, const dimse::CommitmentReport&);
events::NewEvent failed_event(const Owed&, const Error&);

/// What `commitment.requested` says.
Owed owed_of(const events::Event&);
/// The same for all events about one request.
std::string request_of(const events::Event&);

/// The class under which an instance is kept here; `not_found` where it is not. Other errors: nobody knows now.
using Kept = std::function<Result<SopClassUid>(const SopUid&)>;
/// Fails only where nothing can be said now.
Result<dimse::CommitmentReport> judge(const dimse::Commitment&, const Kept&);

/// After so many attempts: doubling from 5 s up to an hour, for a day or so; nothing once it is given up.
std::optional<Duration> wait_after(int attempts);

}  // namespace larmor::importing

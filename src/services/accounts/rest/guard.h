#pragma once
/// The guard of the browsers' listener: who asks (caller.h), may she (core/roles.h), and is it in the log
/// (core/access.h).
///
/// What shows something of a patient is answered only once the log holds who asked: access.opened (with the study),
/// access.searched, access.operated, at most one of a kind per session, study and five minutes. Who was refused is told
/// as access.refused. Where nobody has to sign in, nothing is told, as there is nobody to name.
#include <functional>
#include <memory>

#include "net/http.h"
#include "services/accounts/accounts.h"
#include "services/events/events.h"

namespace larmor::accounts {

struct GuardParts {
  std::unique_ptr<net::Guard> browser;  ///< asked first: Host and origin
  Accounts& accounts;
  events::EventLog* log = nullptr;  ///< without one nothing of a patient is shown once sign-in is required
  /// The study of a request whose address names none: of its instance, of its job. Nothing where it cannot be told.
  std::function<std::optional<StudyUid>(const net::Request&)> study_of;
  bool tls = false;
  const Clock& clock = system_clock();
};

std::unique_ptr<net::Guard> guard(GuardParts);

}  // namespace larmor::accounts

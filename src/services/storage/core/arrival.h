#pragma once
/// An object on its way from put() into the index and the event log. Pure values.
#include <memory>

#include "services/events/events.h"
#include "services/storage/core/describe.h"

namespace larmor::storage {

/// Where a record begins.
struct Place {
  std::int64_t pack = 0;  ///< 0: nowhere, nothing was written
  std::uint64_t offset = 0;
  auto operator<=>(const Place&) const = default;
};

/// Filled by its put() until it is settled, read-only afterwards.
struct Arrival {
  enum class State { writing, durable, failed };

  Described what;
  Origin origin;
  Time at;
  Kept kept = Kept::stored;
  Place place;
  std::string kept_as;           ///< of a conflict: the record's name
  std::string repeat_key;        ///< event key of what was there already and so has no place of its own
  State state = State::writing;  ///< guarded by the ledger
};
using ArrivalPtr = std::shared_ptr<Arrival>;

/// What storage has for the first time with an object.
struct Firsts {
  bool patient = false, study = false, series = false;
};

/// instance.stored, instance.duplicate or instance.conflict; see api/events.md. The key is the place, so that telling
/// it again after a crash changes nothing.
events::NewEvent event_of(const Arrival&, const Firsts& = {});

}  // namespace larmor::storage

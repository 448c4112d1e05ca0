#pragma once
/// The log as a feed of changes to patients, studies, series and instances, in the words and the order of Orthanc's
/// /changes (Orthanc Book, "Tracking changes").
///
/// Pure. A change is read off its event, and its number off the event's: an event has places for kMostPerEvent changes.
/// So the feed has no table of its own, and is the same whoever reads it, whenever.
#include <string>
#include <string_view>
#include <vector>

#include "services/events/events.h"

namespace larmor::events {

constexpr Seq kMostPerEvent = 4;

struct Change {
  Seq seq = 0;                ///< grows, with gaps
  std::string_view type;      ///< "NewStudy", "StableSeries" ...
  std::string_view resource;  ///< "Patient", "Study", "Series", "Instance"
  /// UID of the resource. A patient has none, and the log keeps no PatientID: it is that of the study which brought
  /// the patient.
  std::string id;
  std::string path;  ///< address of the resource on this server
  Time at;
};

/// Words of `Change::type`, in the order in which one event makes them.
std::vector<std::string> change_types();

/// Types of events that make changes of these types; of any where `types` is empty.
std::vector<std::string> events_of_changes(const std::vector<std::string>& types);

/// What the event changes: those of `types` (any where empty), ascending.
std::vector<Change> changes_of(const Event&, const std::vector<std::string>& types);

/// The event up to which a reader who has seen `since` has read whole.
constexpr Seq read_whole_up_to(Seq since) {
  return since / kMostPerEvent;
}
/// The number of a change behind which nothing of this event is left.
constexpr Seq end_of(Seq event) {
  return event * kMostPerEvent;
}

}  // namespace larmor::events

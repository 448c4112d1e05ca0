#pragma once
/// The event log: every step of every study, once, in order, for ever. It is the trigger of the rules, the audit trail,
/// the source of metrics, and the story that `larmor events --study UID` tells.
///
/// Owns: events, and the cursors of those who read them. Never: decides anything, forgets anything on its own.
/// Threads: every method may be called from any thread.
/// Failures: `unavailable` (store or peer gone, retryable), `out_of_space`, `invalid` (names the field).
/// Invariants: sequence numbers only grow, without a gap for readers: who has read up to N will never see an event
/// below N appear later. An event is durable when append() returns.
#include <span>
#include <string>
#include <vector>

#include "base/call.h"
#include "base/id.h"
#include "base/json.h"

namespace larmor::events {

using Seq = std::int64_t;  ///< 1, 2, 3 ...; 0 is before the first

struct NewEvent {
  std::string type;     ///< thing.happened: "instance.stored", "study.complete"; see api/schemas/events.json
  std::string service;  ///< who says so
  StudyUid study;       ///< empty where the event is about no study
  Json fields;          ///< an object, wide: everything known at that moment; never names of patients
  std::string key;      ///< same key, same event: appending twice stores once; empty never repeats
};

struct Event : NewEvent {
  Seq seq = 0;
  Time at;
};

/// What an event says of one thing: `service`, `key`, or one of its fields. A list says each of its elements.
struct FieldIs {
  std::string name;
  std::string value;  ///< numbers as JSON writes them
};

struct Query {
  Seq after = 0;
  Seq before = 0;                  ///< only smaller numbers; 0: any
  bool newest_first = false;       ///< descending, and never waits
  int limit = 500;                 ///< 1 to 5000
  StudyUid study;                  ///< empty: any
  std::vector<std::string> types;  ///< empty: any; "job." stands for all that begin so
  std::vector<FieldIs> fields;     ///< all of them hold; at most 20,000 events are looked at for a page
  Duration wait{0};                ///< long poll: return as soon as there is one, at the latest after this
};

struct Page {
  std::vector<Event> events;  ///< ascending, or as asked
  /// Newest number in the log when the page was read, matching or not: the next `after` when events is short.
  Seq last = 0;
  /// The `after` (newest first: the `before`) of the following page; 0 where the log has no more for now.
  Seq next = 0;
};

class EventLog {
 public:
  virtual ~EventLog() = default;
  /// All or none; durable on success. The number of the last one.
  virtual Result<Seq> append(std::span<const NewEvent>, const Call&) = 0;
  virtual Result<Page> read(const Query&, const Call&) = 0;
  /// Where the named reader stands; 0 for one that never advanced.
  virtual Result<Seq> cursor(const std::string& reader, const Call&) = 0;
  /// Moves forward only; a smaller number is ignored.
  virtual Result<void> advance(const std::string& reader, Seq, const Call&) = 0;
};

}  // namespace larmor::events

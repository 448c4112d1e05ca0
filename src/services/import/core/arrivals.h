#pragma once
/// What is known of studies that are arriving, learnt from the event log alone, so that a restart knows it again.
///
/// Pure: events and times come in, events to be appended and questions to the archive come out. Not thread safe.
/// Replay: applying the same events again, also Larmor's own study.complete, changes nothing.
#include <map>
#include <set>

#include "services/events/events.h"
#include "services/import/core/completeness.h"
#include "services/import/import.h"

namespace larmor::importing {

/// The archive's own counts.
struct ArchiveCount {
  std::map<SeriesUid, std::int64_t> series;
  std::int64_t total() const;
};

class Arrivals {
 public:
  explicit Arrivals(const Policy& policy) : policy_(policy) {}

  /// Nothing that the log says of the study from its beginning is needed to apply its next event.
  bool knows(const StudyUid& study) const { return studies_.contains(study) || is_asked_for(study); }
  /// Events in ascending order; those of a study that was already applied are skipped.
  void apply(const events::Event&);
  /// What the archive said to the question put at `asked`; nothing means that it did not answer.
  void archive_says(const StudyUid&, const std::optional<ArchiveCount>&, Time asked, Time now);

  struct Step {
    std::vector<events::NewEvent> say;  ///< to be appended; counted as said
    std::vector<StudyUid> ask;          ///< whose count the archive should be asked for
    Time again;                         ///< when to step again at the latest
  };
  Step step(Time now);

  /// Every event up to here has had its effect; a restart may begin behind it.
  events::Seq settled(events::Seq read_up_to) const;
  std::vector<ArrivalView> views(Time now) const;
  /// Associations that the log says are open.
  std::vector<std::string> open_associations() const;

 private:
  struct Series {
    std::int64_t instances = 0;
    std::int64_t said = 0;  ///< instances at the last series.complete
    Time last;
    std::map<std::string, std::vector<double>> stacks;  ///< positions by orientation
    mutable std::optional<Gaps> gaps;                   ///< worked out once per arrival
  };
  struct Study {
    events::Seq begins = 0;   ///< of the oldest event that matters for the next decision
    events::Seq through = 0;  ///< newest event applied
    int generation = 0;       ///< how often it was complete
    bool complete = false;
    bool late_said = false;
    std::int64_t instances = 0;
    std::map<SeriesUid, Series> series;
    std::set<std::pair<std::string, std::string>> senders;  ///< calling title, address
    Time first, last, completed;
    std::optional<ArchiveCount> archive;
    bool archive_silent = false;
    bool asking = false;  ///< a question is on its way
    Time ask_not_before;
    int asked = 0;  ///< since the last arrival
    Time look;      ///< when to decide again
  };
  /// Images that processing asked for, to compare a later study with them.
  struct Asked {
    events::Seq begins = 0;           ///< of prior.requested; 0 once prior.arrived has said that they are here
    Time until;                       ///< at the latest
    std::set<std::string> instances;  ///< that came so, and in no other way
  };
  struct Association {
    events::Seq opened = 0;
    std::string calling, address;
    StudyUid study;  ///< of its last object
    SeriesUid series;
  };

  void asked(const events::Event&);
  bool is_asked_for(const StudyUid&) const;
  bool was_asked_for(const events::Event&);
  bool arrives_after_all(const events::Event&);
  void delivered(const events::Event&);
  void arrived(Study&, const events::Event&, bool is_new);
  void completed(Study&, const events::Event&);
  void association_changed(const events::Event&);
  void touch(const StudyUid&);
  const Gaps& gaps_of(const Series&) const;
  std::vector<OpenSender> open_senders(const StudyUid&, const Study&, const SeriesUid* only) const;
  Known known(const StudyUid&, const Study&) const;
  Known known(const StudyUid&, const Study&, const SeriesUid&) const;
  void step_series(const StudyUid&, Study&, Time now, bool study_complete, Step&);
  void step_study(const StudyUid&, Study&, Time now, Step&);
  void forget(Time now);

  Policy policy_;
  std::map<StudyUid, Study> studies_;
  std::map<std::string, Association> associations_;
  std::map<StudyUid, Asked> asked_;
};

}  // namespace larmor::importing

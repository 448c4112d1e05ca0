#pragma once
/// The index over the packs: which object stands where, and the rows of studies, series and instances. Derived:
/// everything in it can be read from the packs again, so its commits need not be durable (synchronous=NORMAL), only
/// whole.
///
/// Each batch moves, in the same transaction, how far each pack has been indexed; after a power cut the packs are read
/// from there. Threads: add() and firsts() belong to one thread at a time (the indexer); everything else may be called
/// from any thread. Failures: those of SQLite; `not_found`.
#include <mutex>
#include <unordered_map>

#include "backends/sqlite/readers.h"
#include "services/storage/core/arrival.h"
#include "services/storage/core/tar_record.h"

namespace larmor::storage {

/// What is kept of an object, and where.
struct Located {
  Place place;
  InstanceRow row;
};

struct Totals {
  std::int64_t studies = 0, instances = 0;
  std::uint64_t bytes = 0;
};

class Index {
 public:
  static Result<std::unique_ptr<Index>> open(const std::filesystem::path& file);

  Result<void> add(const std::vector<ArrivalPtr>&);
  /// What each object of the batch would be the first of, were it added now. Same thread as add().
  Result<std::vector<Firsts>> firsts(const std::vector<ArrivalPtr>&);
  /// The offset up to which the pack has been indexed; 0 for an unknown one.
  Result<std::uint64_t> indexed_to(std::int64_t pack);

  Result<std::optional<Located>> find(const SopUid&);
  Result<std::optional<Located>> find_conflict(const SopUid&, const std::string& digest);

  Result<StudyPage> studies(const StudyQuery&);
  Result<StudyRow> study(const StudyUid&);
  Result<std::vector<SeriesRow>> series(const StudyUid&);
  Result<InstancePage> instances(const InstanceQuery&);
  Result<Totals> totals();
  Result<dicom::FoundPage> find(const dicom::Query&, const Call&);

  /// Every object, in no order: for verification.
  Result<void> for_each(const std::function<Result<void>(const Located&, Kept)>&);

 private:
  struct Writer;
  struct Finder;
  struct Group {  ///< a series, and the SOP classes that it is known to hold
    std::int64_t study = 0, series = 0;
    std::vector<std::string> classes;
  };
  struct Growth {
    std::int64_t series = 0, instances = 0;
    std::uint64_t bytes = 0;
    Time first = Time::max(), last = Time::min();
  };
  using Growths = std::unordered_map<std::int64_t, Growth>;

  Index(const std::filesystem::path& file, std::unique_ptr<Writer>, std::unique_ptr<Finder>);

 public:
  ~Index();

 private:
  Result<Firsts> firsts_of(const Arrival&);
  Result<void> add_one(const Arrival&, Growths& studies, Growths& series, Totals& totals);
  Result<void> add_conflict(const Arrival&);
  Result<Group*> group_of(const Arrival&, Growths& studies, Totals& totals);
  Result<void> add_series(const Arrival&, Group&, Growths& studies);
  Result<void> add_class(Group&, const std::string& sop_class);
  Result<std::int64_t> study_id(const Arrival&, Totals& totals);
  Result<void> grow(const Growths& studies, const Growths& series, const Totals&);

  std::unique_ptr<Writer> writer_;
  std::unordered_map<std::string, Group> groups_;  ///< of the series that came last; bounded

  std::mutex finder_mutex_;
  std::unique_ptr<Finder> finder_;
  sqlite::Readers readers_;
};

}  // namespace larmor::storage

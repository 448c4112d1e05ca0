#pragma once
/// Import takes studies in (C-STORE, STOW-RS, uploads) and knows when a series and a study are complete, and why.
///
/// Owns: associations, and what it knows about studies still arriving. Never: keeps objects; storage does.
/// Threads: every method may be called from any thread.
/// Failures: `corrupt` (an uploaded file that is not DICOM, with the reason), `out_of_space`, `unavailable`.
/// Events: association.opened, association.closed, series.complete, study.complete (with the clue that fired),
/// study.late, commitment.requested, commitment.reported, commitment.failed.
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/call.h"
#include "base/id.h"
#include "base/json.h"

namespace larmor::importing {  // `import` has a meaning of its own in C++20

struct AssociationView {
  std::string id;
  AeTitle calling, called;
  std::string address;
  Time opened;
  std::int64_t objects = 0;
};

struct ArrivalView {
  StudyUid study;
  std::int64_t series = 0, instances = 0;
  Time first, last;
  std::string waiting_for;  ///< "association of PACS still open", "quiet for 2.1 of 5 s"
};

struct UploadReport {
  struct Refused {
    std::string name, reason;
  };
  std::int64_t taken = 0, duplicates = 0;
  std::vector<Refused> refused;  ///< at most 1000 are listed; `refused_count` counts all
  std::int64_t refused_count = 0;
  std::vector<StudyUid> studies;
};

/// Objects that come as the parts of one body (STOW-RS, PS3.18 10.5).
struct Batch {
  std::string content_type;   ///< of the body, with its boundary
  StudyUid study;             ///< that all of them must belong to; empty: any
  std::string user, address;  ///< who sends it, from where
};

struct StoreReport {
  struct Item {
    std::int64_t part = 0;  ///< of the body that brought it, or was refused itself; from 1
    SopClassUid sop_class;
    SopUid instance;  ///< this and the others are empty where the part does not tell
    SeriesUid series;
    StudyUid study;
    std::optional<Error> refused;  ///< nothing: it is kept
  };
  std::vector<Item> items;  ///< in the order in which they came
};

class Import {
 public:
  virtual ~Import() = default;
  virtual Result<std::vector<AssociationView>> associations(const Call&) = 0;
  virtual Result<std::vector<ArrivalView>> arrivals(const Call&) = 0;
  /// One file: a DICOM object, or a ZIP archive of them (a CD). What is no DICOM is refused with its reason; the rest
  /// is taken.
  virtual Result<UploadReport> upload(const std::string& name, ByteSource&, const std::string& user, const Call&) = 0;
  /// Whole objects, or metadata with bulk data (PS3.18 8.7.1): each is kept or refused by itself; a body that ends too
  /// early is the last item. `unsupported` for another content type, `invalid` when there is no boundary, or nothing in
  /// the body.
  virtual Result<StoreReport> store(const Batch&, ByteSource& body, const Call&) = 0;
};

}  // namespace larmor::importing

#pragma once
/// Storage keeps every acknowledged DICOM object through a crash or a power cut, byte for byte, and finds it again.
///
/// Owns: the objects (append-only packs, see README.md) and the index over them. Never: changes an object's bytes,
/// overwrites, or deletes anything that nobody asked to delete. Threads: every method may be called from any thread.
/// Failures: `out_of_space` (0xA700 towards DICOM; works again when there is room), `corrupt` (not DICOM, or damaged),
/// `not_found`, `unavailable` (retryable).
/// Events: instance.stored, instance.duplicate, instance.conflict; appended after the object is durable, at least once
/// with a key, so that the log shows each once.
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/call.h"
#include "base/id.h"
#include "base/json.h"
#include "base/phi.h"
#include "dicom/query/query.h"

namespace larmor::storage {

/// Where an object came from, for the event and for completeness.
struct Origin {
  std::string way;          ///< "c-store", "stow-rs", "upload", "result"
  std::string sender;       ///< calling AE title, or the user's name
  std::string address;      ///< of the sender
  std::string association;  ///< unique per association or upload
};

enum class Kept {
  stored,     ///< new, durable
  duplicate,  ///< the same bytes were there already: success, stored once
  conflict,   ///< the same SOP Instance UID with other bytes was there: kept aside, never overwritten; success towards
              ///< the sender
};

struct Receipt {
  Kept kept = Kept::stored;
  StudyUid study;
  SeriesUid series;
  SopUid instance;
  std::uint64_t size = 0;  ///< bytes, of the Part 10 file
};

struct InstanceRow {
  SopUid instance;
  SopClassUid sop_class;
  TransferSyntaxUid transfer_syntax;
  SeriesUid series;
  StudyUid study;
  std::int64_t number = 0;  ///< (0020,0013), 0 when absent
  std::int64_t frames = 1;  ///< (0028,0008)
  std::uint64_t size = 0;
  std::string digest;  ///< xxh3-128 of the Part 10 file, 32 hexadecimal digits
};

struct SeriesRow {
  SeriesUid series;
  std::string modality, description, body_part, protocol, manufacturer, model;
  std::int64_t number = 0;
  std::int64_t instances = 0;
  SopUid first;  ///< one instance of it, for readers of further attributes
};

struct StudyRow {
  StudyUid study;
  Phi<std::string> patient_name;  ///< UTF-8, PN with = and ^ as sent
  Phi<std::string> patient_id;
  Phi<std::string> birth_date;  ///< YYYYMMDD as sent; a DA has no time zone and is never shifted
  std::string sex, age;         ///< (0010,0040), (0010,1010) as sent
  std::string date, time;       ///< (0008,0020), (0008,0030) as sent
  Phi<std::string> accession;
  std::string description, modalities;  ///< modalities joined by a backslash
  std::int64_t series = 0, instances = 0;
  std::uint64_t bytes = 0;
  Time first_stored, last_stored;
};

/// Newest first by last_stored.
struct StudyQuery {
  std::string text;      ///< words found in name, ID, accession, description (any case); empty: all
  std::string from, to;  ///< study dates, YYYYMMDD, both inclusive; empty: unbounded
  std::string modality;  ///< one that the study has, "MR"; empty: any
  std::string after;     ///< cursor from the previous page; empty: first page
  int limit = 100;       ///< 1 to 1000
};

struct StudyPage {
  std::vector<StudyRow> studies;
  std::string next;  ///< empty on the last page
};

/// The instances of one series, in the order of their numbers.
struct InstanceQuery {
  StudyUid study;
  SeriesUid series;
  std::string after;  ///< cursor from the previous page; empty: first page
  int limit = 1000;   ///< 1 to 1000
};

struct InstancePage {
  std::vector<InstanceRow> instances;  ///< on the first page at least one
  std::string next;                    ///< empty on the last page
};

struct Health {
  std::uint64_t free_bytes = 0, kept_free_bytes = 0;  ///< of the file system; below kept_free_bytes nothing is accepted
  std::int64_t studies = 0, instances = 0;
  std::uint64_t bytes = 0;
  bool accepting = true;
};

/// A stored Part 10 file, readable in any order. One thread at a time.
class Object {
 public:
  virtual ~Object() = default;
  virtual std::uint64_t size() const = 0;
  virtual Result<std::size_t> read_at(std::uint64_t offset, MutableBytes into) = 0;
};

/// An object from its beginning to its end, read in large pieces.
class ObjectSource final : public ByteSource {
 public:
  explicit ObjectSource(std::unique_ptr<Object> object) : object_(std::move(object)) {}
  Result<std::size_t> read(MutableBytes into) override {
    const auto got = TRY(object_->read_at(at_, into));
    at_ += got;
    return got;
  }

 private:
  std::unique_ptr<Object> object_;
  std::uint64_t at_ = 0;
};

class Storage {
 public:
  virtual ~Storage() = default;
  /// `part10`: preamble, file meta information, data set; read to its end. Durable when it returns success. An error of
  /// the source (sender died) keeps nothing.
  virtual Result<Receipt> put(ByteSource& part10, const Origin&, const Call&) = 0;
  virtual Result<std::unique_ptr<Object>> open(const SopUid&, const Call&) = 0;
  virtual Result<StudyPage> studies(const StudyQuery&, const Call&) = 0;
  virtual Result<StudyRow> study(const StudyUid&, const Call&) = 0;
  virtual Result<std::vector<SeriesRow>> series(const StudyUid&, const Call&) = 0;
  /// What arrives between two pages is on the later one where its place is there, and else on none.
  virtual Result<InstancePage> instances(const InstanceQuery&, const Call&) = 0;
  virtual Result<InstanceRow> instance(const SopUid&, const Call&) = 0;
  /// Header of an instance as DICOM JSON (PS3.18 F); bulk data are BulkDataURIs relative to the instance.
  virtual Result<Json> header(const SopUid&, const Call&) = 0;
  /// A page of what matches a question by the information model. `invalid` names the attribute whose value makes no
  /// sense.
  virtual Result<dicom::FoundPage> find(const dicom::Query&, const Call&) = 0;
  virtual Result<Health> health(const Call&) = 0;
};

/// Every page of a series; for who needs all of its rows at once.
inline Result<std::vector<InstanceRow>> all_instances(Storage& storage, const StudyUid& study, const SeriesUid& series,
                                                      const Call& call) {
  InstanceQuery query{study, series};
  auto page = TRY(storage.instances(query, call));
  auto rows = std::move(page.instances);
  while (!page.next.empty()) {
    query.after = page.next;
    page = TRY(storage.instances(query, call));
    std::move(page.instances.begin(), page.instances.end(), std::back_inserter(rows));
  }
  return rows;
}

}  // namespace larmor::storage

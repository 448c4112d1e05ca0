#include "services/storage/adapters/local_storage.h"

#include <fcntl.h>
#include <sys/file.h>

#include "base/file_stretch.h"
#include "base/log.h"
#include "base/random.h"
#include "services/storage/adapters/dicom_json.h"
#include "services/storage/adapters/inflated.h"
#include "services/storage/adapters/pack_walk.h"
#include "services/storage/adapters/recovery.h"

namespace larmor::storage {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostWaiting = 20'000;  // arrivals before put() waits for the indexer

class PackedObject final : public Object, public InFile {
 public:
  PackedObject(std::shared_ptr<const FileHandle> pack, const Located& at)
      : pack_(std::move(pack)), offset_(at.place.offset + kBlock), size_(at.row.size) {}
  std::uint64_t size() const override { return size_; }
  Result<std::size_t> read_at(std::uint64_t offset, MutableBytes into) override {
    if (offset >= size_) return std::size_t{0};
    const auto wanted = into.first(std::min<std::uint64_t>(into.size(), size_ - offset));
    const auto got = TRY(larmor::read_at(*pack_, wanted, offset_ + offset));
    if (got < wanted.size()) return fail(Code::corrupt, "the pack ends inside this object");
    return got;
  }
  FileStretch file() const override { return {pack_->get(), offset_, size_}; }

 private:
  std::shared_ptr<const FileHandle> pack_;
  std::uint64_t offset_, size_;
};

/// True when the source ended within kFront bytes.
Result<bool> fill(Buffer& buffer, ByteSource& source) {
  for (;;) {
    const auto space = buffer.space(kFront);
    if (space.empty()) return false;
    const auto got = TRY(source.read(space));
    if (got == 0) return true;
    buffer.add(got);
  }
}

Receipt receipt_of(const Arrival& arrival, Kept kept) {
  const auto& row = arrival.what.instance;
  return {kept, row.study, row.series, row.instance, row.size};
}

RecordHead head_of(const Arrival& arrival) {
  const auto& row = arrival.what.instance;
  return {record_name(row.instance, arrival.kept, row.digest), row.size, row.digest, arrival.at, arrival.origin};
}

}  // namespace

Result<std::unique_ptr<LocalStorage>> LocalStorage::open(const Options& options, events::EventLog& events,
                                                         const Clock& clock) {
  const auto packs = options.directory / "packs";
  std::error_code error;
  fs::create_directories(packs, error);
  if (error) return fail(Code::unavailable, "cannot make {}: {}", packs.string(), error.message());
  CHECK_OK(sync_directory(options.directory));
  auto lock = TRY(lock_directory(options.directory));
  for (const auto& entry : fs::directory_iterator(packs, error))
    if (entry.path().extension() == ".part") fs::remove(entry.path(), error);  // its sender was never answered
  auto index = TRY(Index::open(options.directory / "index.db"));
  const auto recovered = TRY(recover(packs, *index, events));
  if (recovered.objects > 0) log::note("storage", "{} objects of the packs were added to the index", recovered.objects);
  std::unique_ptr<LocalStorage> storage(
      new LocalStorage(options, std::move(lock), std::move(index), recovered.newest + 1, events, clock));
  if (recovered.newest > 0) CHECK_OK(storage->packs_.reopen(recovered.newest, recovered.newest_end));
  return storage;
}

LocalStorage::LocalStorage(const Options& options, FileHandle lock, std::unique_ptr<Index> index,
                           std::int64_t next_pack, events::EventLog& events, const Clock& clock)
    : packs_directory_(options.directory / "packs"),
      lock_(std::move(lock)),
      clock_(clock),
      run_(random_token()),
      room_(packs_directory_, options.kept_free),
      index_(std::move(index)),
      read_cache_(packs_directory_),
      ledger_(kMostWaiting),
      packs_(packs_directory_, options.pack_bytes, room_, next_pack),
      indexer_(ledger_, *index_, events, [this] { be_quiet(); }) {}

void LocalStorage::be_quiet() {
  buffers_.shrink();
  if (const auto zeroed = packs_.zero_ahead(); !zeroed)
    log::warn("storage", "cannot prepare the pack for the next objects: {}", to_string(zeroed.error()));
}

ArrivalPtr LocalStorage::arrival(Described what, const Origin& origin) const {
  auto arrival = std::make_shared<Arrival>();
  arrival->what = std::move(what);
  arrival->origin = origin;
  arrival->at = clock_.now();
  return arrival;
}

Result<Receipt> LocalStorage::put(ByteSource& source, const Origin& origin, const Call& call) {
  CHECK_OK(ledger_.wait_for_room(call));
  auto buffer = buffers_.borrow();
  if (!TRY(fill(*buffer, source))) return put_large(*buffer, source, origin, call);
  const auto bytes = buffer->bytes();
  auto what = TRY(describe(bytes, bytes.size(), digest_of(bytes)));
  return keep(
      arrival(std::move(what), origin), [&](const ArrivalPtr& a) { return append(a, bytes); }, call);
}

Result<Receipt> LocalStorage::put_large(Buffer& buffer, ByteSource& source, const Origin& origin, const Call& call) {
  auto what = TRY(describe(buffer.bytes(), 0, ""));
  auto staged = TRY(packs_.stage());
  for (bool more = true; more;) {
    CHECK_OK(staged.add(buffer.bytes()));
    buffer.clear();
    more = !TRY(fill(buffer, source));
  }
  CHECK_OK(staged.add(buffer.bytes()));
  what.instance.size = staged.size();
  what.instance.digest = staged.digest();
  return keep(
      arrival(std::move(what), origin),
      [&](const ArrivalPtr& a) -> Result<void> {
        a->place = TRY(packs_.publish(std::move(staged), head_of(*a)));
        ledger_.written(a);
        return {};
      },
      call);
}

Result<Receipt> LocalStorage::keep(const ArrivalPtr& first, const Write& write, const Call& call) {
  const auto& row = first->what.instance;
  for (const auto kept : {Kept::stored, Kept::conflict}) {
    // Each claim has an arrival of its own: others may still watch what became of the first.
    const auto arrival = kept == Kept::stored ? first : std::make_shared<Arrival>(*first);
    arrival->state = Arrival::State::writing;
    const auto key = claim_key(row, kept);
    const auto known = TRY(claim(arrival, key, call));
    if (known && *known == row.digest) return repeat(arrival, kept == Kept::stored ? Kept::duplicate : Kept::conflict);
    if (known) continue;  // other bytes under the same UID
    arrival->kept = kept;
    if (kept == Kept::conflict) arrival->kept_as = record_name(row.instance, kept, row.digest);
    if (auto written = write(arrival); !written) {
      if (arrival->place.pack == 0)
        ledger_.release(key);
      else
        ledger_.settle(arrival, key, false);
      return fail_with(while_doing(fmt::format("storing object {} of study {}", row.instance, row.study),
                                   std::move(written).error()));
    }
    ledger_.settle(arrival, key, true);
    return receipt_of(*arrival, kept);
  }
  return fail(Code::internal, "object {} was neither new nor known", row.instance);
}

Result<void> LocalStorage::append(const ArrivalPtr& arrival, Bytes bytes) {
  const auto written = TRY(packs_.append(head_of(*arrival), bytes, [&](Place place) {
    arrival->place = place;
    ledger_.written(arrival);
  }));
  return written.sync();
}

Result<std::optional<std::string>> LocalStorage::claim(const ArrivalPtr& arrival, const std::string& key,
                                                       const Call& call) {
  const auto& row = arrival->what.instance;
  while (const auto other = ledger_.claim(key, arrival))
    if (TRY(ledger_.wait_until_settled(other, call))) return other->what.instance.digest;
  auto found = key == row.instance.str() ? index_->find(row.instance) : index_->find_conflict(row.instance, row.digest);
  if (found && !*found) return std::optional<std::string>();
  ledger_.release(key);
  if (!found) return fail_with(std::move(found).error());
  return (*found)->row.digest;
}

/// Nothing is written, but it happened: the event log hears of it.
Result<Receipt> LocalStorage::repeat(const ArrivalPtr& arrival, Kept kept) {
  auto again = std::make_shared<Arrival>(*arrival);
  again->state = Arrival::State::writing;
  again->kept = kept;
  again->repeat_key = fmt::format("repeat/{}/{}", run_, ++repeats_);
  if (kept == Kept::conflict)
    again->kept_as = record_name(again->what.instance.instance, kept, again->what.instance.digest);
  ledger_.written(again);
  ledger_.settle(again, claim_key(again->what.instance, kept), true);
  return receipt_of(*again, kept);
}

Result<std::shared_ptr<const Located>> LocalStorage::locate(const SopUid& uid) {
  if (auto known = read_cache_.find(uid)) return known;
  if (const auto pending = ledger_.find(uid.str()))
    return std::make_shared<const Located>(pending->place, pending->what.instance);
  auto found = TRY(index_->find(uid));
  if (!found) return fail(Code::not_found, "there is no object {}", uid);
  auto located = std::make_shared<const Located>(std::move(*found));
  read_cache_.keep(located);
  return located;
}

Result<std::unique_ptr<Object>> LocalStorage::open(const SopUid& uid, const Call&) {
  const auto found = TRY(locate(uid));
  return std::make_unique<PackedObject>(TRY(read_cache_.pack(found->place.pack)), *found);
}

Result<InstanceRow> LocalStorage::instance(const SopUid& uid, const Call&) {
  return TRY(locate(uid))->row;
}

Result<Json> LocalStorage::header(const SopUid& uid, const Call& call) {
  const auto object = TRY(inflated(TRY(open(uid, call)), TRY(instance(uid, call)).transfer_syntax));
  auto json = dicom_json(*object);
  if (!json) return fail_with(while_doing(fmt::format("reading object {}", uid), std::move(json).error()));
  return json;
}

Result<StudyPage> LocalStorage::studies(const StudyQuery& query, const Call& call) {
  CHECK_OK(ledger_.flush(call));
  return index_->studies(query);
}

Result<StudyRow> LocalStorage::study(const StudyUid& uid, const Call& call) {
  CHECK_OK(ledger_.flush(call));
  return index_->study(uid);
}

Result<std::vector<SeriesRow>> LocalStorage::series(const StudyUid& uid, const Call& call) {
  CHECK_OK(ledger_.flush(call));
  return index_->series(uid);
}

Result<InstancePage> LocalStorage::instances(const InstanceQuery& query, const Call& call) {
  if (query.after.empty()) CHECK_OK(ledger_.flush(call));  // later pages belong to the first
  return index_->instances(query);
}

Result<dicom::FoundPage> LocalStorage::find(const dicom::Query& query, const Call& call) {
  CHECK_OK(ledger_.flush(call));
  return index_->find(query, call);
}

Result<Health> LocalStorage::health(const Call&) {
  const auto totals = TRY(index_->totals());
  const auto free = TRY(room_.free()) + packs_.spare();
  return Health{free, room_.kept_free(), totals.studies, totals.instances, totals.bytes, free > room_.kept_free()};
}

}  // namespace larmor::storage

#pragma once
/// Storage on this machine: packs, index, and what is on its way between them.
///
/// An object takes this way: read into memory, digest and header, claim of its UID, one write into the pack, one sync
/// shared with whoever writes at the same time, answer. Index and events follow behind, from the indexer's thread; who
/// asks for rows waits until everything that was acknowledged before is in them.
#include "services/storage/adapters/buffers.h"
#include "services/storage/adapters/indexer.h"
#include "services/storage/adapters/packs.h"
#include "services/storage/adapters/read_cache.h"
#include "services/storage/make.h"

namespace larmor::storage {

class LocalStorage final : public Storage {
 public:
  static Result<std::unique_ptr<LocalStorage>> open(const Options&, events::EventLog&, const Clock&);

  Result<Receipt> put(ByteSource&, const Origin&, const Call&) override;
  Result<std::unique_ptr<Object>> open(const SopUid&, const Call&) override;
  Result<StudyPage> studies(const StudyQuery&, const Call&) override;
  Result<StudyRow> study(const StudyUid&, const Call&) override;
  Result<std::vector<SeriesRow>> series(const StudyUid&, const Call&) override;
  Result<InstancePage> instances(const InstanceQuery&, const Call&) override;
  Result<InstanceRow> instance(const SopUid&, const Call&) override;
  Result<Json> header(const SopUid&, const Call&) override;
  Result<dicom::FoundPage> find(const dicom::Query&, const Call&) override;
  Result<Health> health(const Call&) override;

 private:
  LocalStorage(const Options&, FileHandle lock, std::unique_ptr<Index>, std::int64_t next_pack, events::EventLog&,
               const Clock&);

  /// Writes the record and calls ledger_.written() in its turn; durable when it returns.
  using Write = std::function<Result<void>(const ArrivalPtr&)>;
  Result<Receipt> put_large(Buffer& front, ByteSource&, const Origin&, const Call&);
  Result<Receipt> keep(const ArrivalPtr&, const Write&, const Call&);
  Result<Receipt> repeat(const ArrivalPtr&, Kept);
  /// The digest of what is kept under that claim, or nothing: then the claim is ours.
  Result<std::optional<std::string>> claim(const ArrivalPtr&, const std::string& key, const Call&);
  Result<void> append(const ArrivalPtr&, Bytes);
  ArrivalPtr arrival(Described, const Origin&) const;
  Result<std::shared_ptr<const Located>> locate(const SopUid&);
  /// Nothing has arrived for a while.
  void be_quiet();

  const std::filesystem::path packs_directory_;
  const FileHandle lock_;
  const Clock& clock_;
  const std::string run_;  ///< tells this run's repeat keys from those of others
  std::atomic<std::uint64_t> repeats_ = 0;
  Room room_;
  Buffers buffers_;
  std::unique_ptr<Index> index_;
  ReadCache read_cache_;
  Ledger ledger_;
  Packs packs_;
  Indexer indexer_;  ///< last: stops first
};

}  // namespace larmor::storage

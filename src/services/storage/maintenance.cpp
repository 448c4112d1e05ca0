#include "services/storage/maintenance.h"

#include <fcntl.h>

#include "services/storage/adapters/index.h"
#include "services/storage/adapters/pack_walk.h"
#include "services/storage/adapters/packs.h"
#include "services/storage/adapters/recovery.h"
#include "services/storage/make.h"

namespace larmor::storage {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostListed = 1000;

Result<fs::path> packs_of(const fs::path& directory) {
  auto packs = directory / "packs";
  if (fs::is_directory(packs)) return packs;
  return fail_with({Code::not_found, fmt::format("there is no storage in {}", directory.string()),
                    "Name the directory that holds 'packs'.", ""});
}

class Verification {
 public:
  Verification(fs::path packs, Index& index) : packs_(std::move(packs)), index_(index) {}

  Result<VerifyReport> run() {
    for (const auto pack : TRY(list_packs(packs_))) CHECK_OK(one_pack(pack));
    CHECK_OK(index_.for_each([&](const Located& row, Kept) { return one_row(row); }));
    return std::move(report_);
  }

 private:
  Result<void> one_pack(std::int64_t pack) {
    ++report_.packs;
    const auto walked =
        TRY(walk_pack(pack_path(packs_, pack), 0, [&](const PackRecord& r) { return one_record(pack, r); }));
    for (const auto& damage : walked.damage)
      find(pack, damage.from,
           fmt::format("damaged up to byte {}{}{}", damage.to, damage.name.empty() ? "" : ": ", damage.name));
    if (const auto upto = TRY(index_.indexed_to(pack)); walked.end < upto)
      find(pack, walked.end, fmt::format("damaged up to byte {}, the end of the pack", upto));
    return {};
  }

  Result<void> one_record(std::int64_t pack, const PackRecord& record) {
    report_.bytes += record.head.size;
    const auto what = describe(record.front, record.head.size, record.head.digest);
    if (!what) {
      find(pack, record.offset, fmt::format("{} cannot be read as DICOM: {}", record.head.name, what.error().what));
      return {};
    }
    const bool conflict = names_conflict(record.head.name);
    ++(conflict ? report_.conflicts : report_.objects);
    const auto& uid = what->instance.instance;
    const auto row = conflict ? TRY(index_.find_conflict(uid, record.head.digest)) : TRY(index_.find(uid));
    if (row && row->row.digest == record.head.digest) return {};
    if (record.offset >= TRY(index_.indexed_to(pack))) return {};  // on its way into the index
    find(pack, record.offset,
         fmt::format("{} {}", record.head.name, row ? "differs from what the index says" : "is not in the index"));
    return {};
  }

  /// The bytes were checked above; here it is enough that this very record begins where the index says.
  Result<void> one_row(const Located& row) {
    const auto path = pack_path(packs_, row.place.pack);
    if (open_pack_ != row.place.pack) {
      auto opened = open_file(path, O_RDONLY);
      file_ = opened ? std::move(*opened) : FileHandle();
      open_pack_ = row.place.pack;
    }
    Block block{};
    if (file_) (void)TRY(read_at(file_, block, row.place.offset));
    const auto head = decode(block);
    if (head && head->digest == row.row.digest && head->size == row.row.size) return {};
    find(row.place.pack, row.place.offset,
         fmt::format("the index has object {} here, but {}", row.row.instance,
                     file_ ? "it is not" : "the pack is missing"));
    return {};
  }

  void find(std::int64_t pack, std::uint64_t offset, std::string what) {
    if (++report_.finding_count <= static_cast<std::int64_t>(kMostListed))
      report_.findings.push_back({pack, offset, std::move(what)});
  }

  fs::path packs_;
  Index& index_;
  VerifyReport report_;
  FileHandle file_;
  std::int64_t open_pack_ = 0;
};

}  // namespace

Result<std::int64_t> rebuild(const fs::path& directory, events::EventLog& events) {
  const auto packs = TRY(packs_of(directory));
  const auto lock = TRY(lock_directory(directory));
  for (const auto* part : {"index.db", "index.db-wal", "index.db-shm"}) {
    std::error_code error;
    fs::remove(directory / part, error);
    if (error) return fail(Code::unavailable, "cannot remove {}: {}", (directory / part).string(), error.message());
  }
  const auto index = TRY(Index::open(directory / "index.db"));
  return TRY(recover(packs, *index, events)).objects;
}

Result<VerifyReport> verify(const fs::path& directory) {
  auto packs = TRY(packs_of(directory));
  const auto index = TRY(Index::open(directory / "index.db"));
  return Verification(std::move(packs), *index).run();
}

}  // namespace larmor::storage

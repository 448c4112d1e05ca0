#pragma once
/// Reads a pack record by record, checks every digest, and knows damage from a torn end.
///
/// A record is torn when nothing intact follows it: it was being written when the power went, and nobody was told that
/// it is safe. A bad record with intact ones behind it is damage: those behind it are read all the same. Failures:
/// `unavailable` when the file cannot be read.
#include "base/file.h"
#include "services/storage/core/tar_record.h"

namespace larmor::storage {

constexpr std::size_t kFront = std::size_t{16} << 20;  ///< so much of an object is held in memory, and scanned

struct PackRecord {
  RecordHead head;
  std::uint64_t offset = 0;
  Bytes front;  ///< the first kFront bytes, valid during the visit
};

struct Damage {
  std::uint64_t from = 0, to = 0;
  std::string name;  ///< of the record, where its header can still be read
};

struct PackEnd {
  std::uint64_t end = 0;  ///< behind the last intact record
  bool torn = false;      ///< something else than zeros stands there
  std::vector<Damage> damage;
};

using Visit = std::function<Result<void>(const PackRecord&)>;
Result<PackEnd> walk_pack(const std::filesystem::path&, std::uint64_t from, const Visit&);

}  // namespace larmor::storage

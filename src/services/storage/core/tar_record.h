#pragma once
/// How an object stands in a pack: a POSIX ustar record (IEEE Std 1003.1, pax, "ustar Interchange Format"), so that
/// `tar xf` gives the DICOM files back without Larmor. Pure.
///
/// One block of 512 bytes of header, the bytes of the file, zeros up to the next block. What tar has no field for
/// travels in fields that it ignores for plain files: `linkname` holds the digest, the sender's address and
/// association, `devminor` the microseconds of mtime; `uname` is the sender, `gname` the way, so that `tar tv` shows
/// them. A pack ends in zeros.
#include <array>
#include <optional>
#include <string>

#include "services/storage/storage.h"

namespace larmor::storage {

constexpr std::size_t kBlock = 512;
using Block = std::array<std::byte, kBlock>;

struct RecordHead {
  std::string name;        ///< "<SOP Instance UID>.dcm", at most 100 characters
  std::uint64_t size = 0;  ///< of the file
  std::string digest;      ///< xxh3-128, 32 hexadecimal digits
  Time received;
  Origin origin;  ///< cut where a field is too short: way and sender 31 bytes, address and association 61 together
};

Block encode(const RecordHead&);
/// Nothing when the block is no header of ours or its checksum is wrong.
std::optional<RecordHead> decode(const Block&);

constexpr std::uint64_t padded(std::uint64_t size) {
  return (size + kBlock - 1) / kBlock * kBlock;
}
constexpr std::uint64_t record_size(std::uint64_t size) {
  return kBlock + padded(size);
}
bool is_blank(Bytes);

/// "1.2.3.dcm"; a conflicting object is kept as "conflict-1.2.3-0123abcd.dcm".
std::string record_name(const SopUid&, Kept, std::string_view digest);
bool names_conflict(std::string_view record_name);

}  // namespace larmor::storage

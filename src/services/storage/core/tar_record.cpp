#include "services/storage/core/tar_record.h"

#include <cstring>
#include <numeric>

#include "base/number.h"
#include "base/text.h"

namespace larmor::storage {
namespace {

struct Field {
  std::size_t at, size;
};
constexpr Field kName{0, 100}, kMode{100, 8}, kUid{108, 8}, kGid{116, 8}, kSize{124, 12}, kTime{136, 12},
    kChecksum{148, 8}, kType{156, 1}, kLink{157, 100}, kMagic{257, 8}, kUser{265, 32}, kGroup{297, 32}, kMajor{329, 8},
    kMinor{337, 8};
constexpr std::string_view kDigestMark = "xxh3=", kUstar{"ustar\00000", 8};
constexpr std::size_t kDigest = 32;
constexpr std::uint64_t kLargestOctal = (std::uint64_t{1} << 33) - 1;

void put(Block& block, Field field, std::string_view text) {
  std::memcpy(block.data() + field.at, text.data(), std::min(text.size(), field.size));
}

void put_octal(Block& block, Field field, std::uint64_t value) {
  put(block, field, fmt::format("{:0{}o}", value, field.size - 1));
}

/// Beyond 8 GiB: the first bit set, then the number in base 256, as GNU tar and libarchive read it.
void put_size(Block& block, std::uint64_t size) {
  if (size <= kLargestOctal) return put_octal(block, kSize, size);
  block[kSize.at] = std::byte{0x80};
  for (std::size_t i = 0; i < 8; ++i)
    block[kSize.at + kSize.size - 1 - i] = static_cast<std::byte>(size >> 8 * i & 0xFF);
}

std::string_view text(const Block& block, Field field) {
  const std::string_view all(reinterpret_cast<const char*>(block.data()) + field.at, field.size);
  return all.substr(0, all.find('\0'));
}

std::optional<std::uint64_t> octal(const Block& block, Field field) {
  return to_number<std::uint64_t>(trim(text(block, field)), 8);
}

std::optional<std::uint64_t> size_of(const Block& block) {
  if (block[kSize.at] != std::byte{0x80}) return octal(block, kSize);
  std::uint64_t size = 0;
  for (std::size_t i = 0; i < 8; ++i)
    size = size << 8 | std::to_integer<std::uint64_t>(block[kSize.at + kSize.size - 8 + i]);
  return size;
}

/// The sum of all bytes, with those of the checksum itself taken for blanks.
std::uint64_t checksum(const Block& block) {
  std::uint64_t sum = std::uint64_t{8} * ' ';
  for (std::size_t i = 0; i < kBlock; ++i)
    if (i < kChecksum.at || i >= kChecksum.at + kChecksum.size) sum += std::to_integer<std::uint64_t>(block[i]);
  return sum;
}

/// The front of `text` that fits, ending between two letters of UTF-8; zeros and line ends become blanks.
std::string fitting(std::string_view text, std::size_t bytes) {
  auto cut = std::min(text.size(), bytes);
  while (cut > 0 && cut < text.size() && (static_cast<unsigned char>(text[cut]) & 0xC0) == 0x80) --cut;
  std::string fits(text.substr(0, cut));
  for (auto& c : fits)
    if (static_cast<unsigned char>(c) < ' ') c = ' ';
  return fits;
}

std::string without_blanks(std::string text) {
  std::replace(text.begin(), text.end(), ' ', '_');
  return text;
}

}  // namespace

Block encode(const RecordHead& head) {
  Block block{};
  put(block, kName, head.name);
  put_octal(block, kMode, 0640);
  put_octal(block, kUid, 0);
  put_octal(block, kGid, 0);
  put_size(block, head.size);
  const auto stamp = std::max<std::int64_t>(head.received.time_since_epoch().count(), 0);
  put_octal(block, kTime, static_cast<std::uint64_t>(stamp / 1'000'000));
  put(block, kType, "0");
  const auto room = kLink.size - kDigestMark.size() - kDigest - 2;
  const auto association = without_blanks(fitting(head.origin.association, room));
  const auto address = without_blanks(fitting(head.origin.address, room - association.size()));
  put(block, kLink, fmt::format("{}{} {} {}", kDigestMark, head.digest, association, address));
  put(block, kMagic, kUstar);
  put(block, kUser, fitting(head.origin.sender, kUser.size - 1));
  put(block, kGroup, fitting(head.origin.way, kGroup.size - 1));
  put_octal(block, kMajor, 0);
  put_octal(block, kMinor, static_cast<std::uint64_t>(stamp % 1'000'000));
  put(block, kChecksum, fmt::format("{:06o}", checksum(block)));
  block[kChecksum.at + 6] = std::byte{0};
  block[kChecksum.at + 7] = std::byte{' '};
  return block;
}

std::optional<RecordHead> decode(const Block& block) {
  const std::string_view magic(reinterpret_cast<const char*>(block.data()) + kMagic.at, kMagic.size);
  if (magic != kUstar || octal(block, kChecksum) != checksum(block)) return std::nullopt;
  const auto size = size_of(block), whole = octal(block, kTime), micros = octal(block, kMinor);
  const std::string_view link = text(block, kLink);
  if (!size || !whole || !micros || !link.starts_with(kDigestMark)) return std::nullopt;
  const auto words = split(link.substr(kDigestMark.size()), ' ');
  if (words[0].size() != kDigest) return std::nullopt;
  RecordHead head;
  head.name = text(block, kName);
  head.size = *size;
  head.digest = words[0];
  head.received = Time(std::chrono::seconds(*whole) + Duration(*micros));
  head.origin.way = text(block, kGroup);
  head.origin.sender = text(block, kUser);
  if (words.size() > 1) head.origin.association = words[1];
  if (words.size() > 2) head.origin.address = words[2];
  return head;
}

bool is_blank(Bytes bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](std::byte b) { return b == std::byte{0}; });
}

std::string record_name(const SopUid& instance, Kept kept, std::string_view digest) {
  if (kept == Kept::conflict) return fmt::format("conflict-{}-{}.dcm", instance, digest.substr(0, 8));
  return fmt::format("{}.dcm", instance);
}

bool names_conflict(std::string_view record_name) {
  return record_name.starts_with("conflict-");
}

}  // namespace larmor::storage

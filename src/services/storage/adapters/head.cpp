#include "services/storage/adapters/head.h"

namespace larmor::storage {
namespace {

constexpr std::size_t kFirstRead = std::size_t{64} << 10, kLongestHead = std::size_t{16} << 20;

}  // namespace

Result<Head> read_head(Object& object, std::span<const dicom::Tag> wanted) {
  Head head;
  for (auto size = kFirstRead;; size *= 4) {
    const auto before = head.bytes.size();
    head.bytes.resize(std::min<std::uint64_t>(object.size(), std::min(size, kLongestHead)));
    const auto got = TRY(object.read_at(before, MutableBytes(head.bytes).subspan(before)));
    head.bytes.resize(before + got);
    head.header = TRY(dicom::scan(head.bytes, wanted));
    const bool whole = head.header.end == dicom::End::pixel_data || head.header.end == dicom::End::data_set;
    if (whole || head.bytes.size() == object.size() || size >= kLongestHead) return head;
  }
}

}  // namespace larmor::storage

#include "services/storage/adapters/frame.h"

#include "services/storage/adapters/head.h"
#include "services/storage/adapters/pixel_data.h"

namespace larmor::storage {
namespace {

constexpr std::uint64_t kLargestFrame = std::uint64_t{512} << 20;
constexpr std::array<dicom::Tag, 1> kRepresentative = {0x00286010};

}  // namespace

Result<dicom::Frame> frame_of(Object& object, const InstanceRow& row, std::size_t number) {
  const auto stored = TRY(pixel_data(object, row));
  if (number >= stored.frames.size())
    return fail(Code::not_found, "there is no frame {}: the object has {}", number + 1, stored.frames.size());
  const auto& slices = stored.frames[number];
  std::uint64_t size = 0;
  for (const auto& slice : slices) size += slice.count;
  if (size > kLargestFrame) return fail(Code::too_large, "a frame of {} bytes is not decoded", size);
  auto head = TRY(read_head(object, {}));
  dicom::Frame frame{std::move(head.bytes), std::vector<std::byte>(size), stored.encapsulated, number};
  if (head.header.pixels_at > 0) frame.head.resize(std::min<std::size_t>(frame.head.size(), head.header.pixels_at));
  for (auto into = MutableBytes(frame.pixels); const auto& slice : slices) {
    if (TRY(object.read_at(slice.first, into.first(slice.count))) < slice.count)
      return fail(Code::corrupt, "the object ends within frame {}", number + 1);
    into = into.subspan(slice.count);
  }
  return frame;
}

Result<std::size_t> representative_frame(Object& object, const InstanceRow& row) {
  const auto frames = static_cast<std::size_t>(std::max<std::int64_t>(row.frames, 1));
  const auto head = TRY(read_head(object, kRepresentative));
  const auto named = head.header.short_number(kRepresentative[0]).value_or(0);
  return named >= 1 && named <= frames ? named - 1 : frames / 2;
}

}  // namespace larmor::storage

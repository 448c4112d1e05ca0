#include "services/storage/rest/frames.h"

#include <algorithm>
#include <charconv>

#include "dicom/web/multipart.h"
#include "services/storage/adapters/pixel_data.h"
#include "services/storage/rest/file.h"
#include "services/storage/rest/resources.h"

namespace larmor::storage {
namespace {

using dicom::Accepted;
using dicom::accepted;
using dicom::multipart_answer;
using dicom::Part;
using net::Request;
using net::Response;

constexpr std::string_view kExplicit = "1.2.840.10008.1.2.1", kBigEndian = "1.2.840.10008.1.2.2";
constexpr std::size_t kMostFrames = 100'000;  // named in one request

/// PS3.18 table 8.7.3-5: the media type of a compressed frame.
struct Compression {
  std::string_view syntax, media_type;
};
constexpr std::array kCompressions = {
    Compression{"1.2.840.10008.1.2.4.50", "image/jpeg"},  Compression{"1.2.840.10008.1.2.4.51", "image/jpeg"},
    Compression{"1.2.840.10008.1.2.4.57", "image/jpeg"},  Compression{"1.2.840.10008.1.2.4.70", "image/jpeg"},
    Compression{"1.2.840.10008.1.2.4.80", "image/jls"},   Compression{"1.2.840.10008.1.2.4.81", "image/jls"},
    Compression{"1.2.840.10008.1.2.4.90", "image/jp2"},   Compression{"1.2.840.10008.1.2.4.91", "image/jp2"},
    Compression{"1.2.840.10008.1.2.4.92", "image/jpx"},   Compression{"1.2.840.10008.1.2.4.93", "image/jpx"},
    Compression{"1.2.840.10008.1.2.4.201", "image/jphc"}, Compression{"1.2.840.10008.1.2.4.202", "image/jphc"},
    Compression{"1.2.840.10008.1.2.4.203", "image/jphc"}, Compression{"1.2.840.10008.1.2.5", "image/dicom-rle"},
};

Part part_of(const std::shared_ptr<Object>& object, const std::vector<net::ByteRange>& slices, std::string type) {
  std::uint64_t size = 0;
  for (const auto& slice : slices) size += slice.count;
  return {std::move(type), "", size, [object, slices]() -> Result<std::unique_ptr<ByteSource>> {
            return std::make_unique<SliceSource>(object, slices);
          }};
}

Response single(Part part, const std::shared_ptr<Object>& object, std::vector<net::ByteRange> slices) {
  Response response;
  response.headers = {{"content-type", std::move(part.type)}, {"cache-control", "private, no-cache"}};
  response.stream = std::make_shared<SliceSource>(object, std::move(slices));
  response.stream_size = part.size;
  return response;
}

/// Frames as they are stored: uncompressed ones are the same in both little endian syntaxes (PS3.5 annex A).
Result<Response> frames_answer(const Request& r, const InstanceRow& row, const std::shared_ptr<Object>& object,
                               const std::vector<std::vector<net::ByteRange>>& frames, bool encapsulated) {
  const auto stored = row.transfer_syntax.str();
  const std::string syntax(encapsulated || stored == kBigEndian ? std::string_view(stored) : kExplicit);
  const auto media_type = encapsulated ? media_type_of(syntax) : kBytes;
  for (const auto& a : accepted(r)) {
    if (!gives(a, syntax)) continue;
    // Bytes without a word about their coding are uncompressed and little endian (PS3.18 8.7.3.3.2).
    const bool as_bytes = a.takes(kBytes) && (syntax == kExplicit || !a.syntax.empty());
    if (!as_bytes && !a.takes(media_type)) continue;
    const auto chosen = a.takes(media_type) ? media_type : kBytes;
    const auto type = fmt::format("{}; transfer-syntax={}", chosen, syntax);
    if (!a.multipart && a.type != "*/*" && frames.size() == 1)
      return single(part_of(object, frames[0], type), object, frames[0]);
    std::vector<Part> parts;
    for (const auto& frame : frames) parts.push_back(part_of(object, frame, type));
    return multipart_answer(chosen, std::move(parts));
  }
  return fail_with(not_acceptable(
      r,
      fmt::format("multipart/related; type=\"{}\"; transfer-syntax={}, or * for what is stored", media_type, syntax)));
}

}  // namespace

std::string_view media_type_of(std::string_view syntax) {
  const auto* row =
      std::find_if(kCompressions.begin(), kCompressions.end(), [&](const auto& c) { return c.syntax == syntax; });
  return row == kCompressions.end() ? kBytes : row->media_type;
}

Result<std::vector<std::size_t>> numbers_of(const std::string& list, std::size_t frames) {
  std::vector<std::size_t> numbers;
  for (std::string_view left = list; numbers.size() < kMostFrames;) {
    const auto one = left.substr(0, left.find(','));
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(one.data(), one.data() + one.size(), number);
    if (error != std::errc() || end != one.data() + one.size() || number == 0)
      return fail_with({Code::invalid, fmt::format("'{}' is no number of a frame", one),
                        "Give whole numbers from 1, separated by commas.", "frames"});
    if (number > frames) return fail(Code::not_found, "there is no frame {}: the object has {}", number, frames);
    numbers.push_back(number);
    if (one.size() == left.size()) return numbers;
    left.remove_prefix(one.size() + 1);
  }
  return fail_with(
      {Code::invalid, fmt::format("more than {} frames are named", kMostFrames), "Ask in several requests.", "frames"});
}

Result<Response> frames(Storage& storage, const Request& r) {
  const auto row = TRY(rows_of(storage, r))[0];
  const std::shared_ptr<Object> object = TRY(storage.open(row.instance, r.call()));
  const auto pixels = TRY(pixel_data(*object, row));
  std::vector<std::vector<net::ByteRange>> wanted;
  for (const auto number : TRY(numbers_of(r.capture("frames"), pixels.frames.size())))
    wanted.push_back(pixels.frames[number - 1]);
  return frames_answer(r, row, object, wanted, pixels.encapsulated);
}

Result<Response> bulk_data(Storage& storage, const Request& r) {
  const auto row = TRY(rows_of(storage, r))[0];
  const std::shared_ptr<Object> object = TRY(storage.open(row.instance, r.call()));
  const auto pixels = TRY(pixel_data(*object, row));
  if (pixels.encapsulated) return frames_answer(r, row, object, pixels.frames, true);
  std::vector<net::ByteRange> whole;
  for (const auto& frame : pixels.frames) whole.insert(whole.end(), frame.begin(), frame.end());
  return frames_answer(r, row, object, {whole}, false);
}

}  // namespace larmor::storage

#include "services/storage/rest/frames.h"

#include <algorithm>

#include "base/number.h"
#include "dicom/codec/transcode.h"
#include "dicom/web/compressions.h"
#include "dicom/web/multipart.h"
#include "services/storage/adapters/frame.h"
#include "services/storage/adapters/pixel_data.h"
#include "services/storage/rest/file.h"
#include "services/storage/rest/resources.h"

namespace larmor::storage {
namespace {

using dicom::Accepted;
using dicom::accepted;
using dicom::kBytes;
using dicom::media_type_of;
using dicom::multipart_answer;
using dicom::Part;
using net::Request;
using net::Response;

constexpr std::string_view kExplicit = "1.2.840.10008.1.2.1", kBigEndian = "1.2.840.10008.1.2.2";
constexpr std::size_t kMostFrames = 100'000;  // named in one request

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

/// The frames that are asked for, where they lie.
struct Wanted {
  const InstanceRow& row;
  std::shared_ptr<Object> object;
  std::vector<std::vector<net::ByteRange>> slices;
  bool encapsulated = false;
  std::vector<std::size_t> numbers;  ///< from 0; none where the pixels are wanted as one value
};

/// As they are stored: uncompressed ones are the same in both little endian syntaxes (PS3.5 annex A).
std::optional<Response> as_stored(const Accepted& a, const Wanted& w, std::string_view syntax) {
  const auto media_type = w.encapsulated ? media_type_of(syntax) : kBytes;
  // Bytes without a word about their coding are uncompressed and little endian (PS3.18 8.7.3.3.2).
  const bool as_bytes = a.takes(kBytes) && (syntax == kExplicit || !a.syntax.empty());
  if (!gives(a, syntax) || (!as_bytes && !a.takes(media_type))) return std::nullopt;
  const auto chosen = a.takes(media_type) ? media_type : kBytes;
  const auto type = fmt::format("{}; transfer-syntax={}", chosen, syntax);
  if (!a.multipart && a.type != "*/*" && w.slices.size() == 1)
    return single(part_of(w.object, w.slices[0], type), w.object, w.slices[0]);
  std::vector<Part> parts;
  for (const auto& frame : w.slices) parts.push_back(part_of(w.object, frame, type));
  return multipart_answer(chosen, std::move(parts));
}

/// What can be made of any frame that can be read; empty where nothing of it is accepted.
std::string_view made_for(const Accepted& a) {
  for (const std::string_view syntax : dicom::written_syntaxes()) {
    const auto type = media_type_of(syntax);
    if (a.syntax.empty() ? a.takes(type) : a.syntax == syntax && (a.takes(type) || a.takes(kBytes))) return syntax;
  }
  return "";
}

/// The first frame is made at once, so that what cannot be is said; the others when their turn has come.
Result<Response> in_syntax(const Accepted& a, const Wanted& w, std::string_view syntax) {
  const auto media_type = media_type_of(syntax);
  const auto chosen = a.takes(media_type) ? media_type : kBytes;
  const auto type = fmt::format("{}; transfer-syntax={}", chosen, syntax);
  auto first = TRY(dicom::transcode(TRY(frame_of(*w.object, w.row, w.numbers[0])), syntax));
  if (!a.multipart && a.type != "*/*" && w.numbers.size() == 1) {
    Response response;
    response.headers = {{"content-type", type}, {"cache-control", "private, no-cache"}};
    response.body = std::move(first);
    return response;
  }
  std::vector<Part> parts = {dicom::held_part(type, std::move(first))};
  for (const auto number : std::span(w.numbers).subspan(1))
    parts.push_back({type, "", std::nullopt,
                     [object = w.object, row = w.row, number, syntax]() -> Result<std::unique_ptr<ByteSource>> {
                       return std::make_unique<dicom::HeldSource>(
                           TRY(dicom::transcode(TRY(frame_of(*object, row, number)), syntax)));
                     }});
  return multipart_answer(chosen, std::move(parts));
}

Result<Response> frames_answer(const Request& r, const Wanted& w) {
  const auto stored = w.row.transfer_syntax.str();
  const std::string syntax(w.encapsulated || stored == kBigEndian ? std::string_view(stored) : kExplicit);
  for (const auto& a : accepted(r)) {
    if (auto found = as_stored(a, w, syntax)) return *found;
    if (const auto made = w.numbers.empty() ? "" : made_for(a); !made.empty()) return in_syntax(a, w, made);
  }
  return fail_with(not_acceptable(
      r, fmt::format("multipart/related; type=\"{}\"; transfer-syntax={}, or * for what is stored{}{}",
                     w.encapsulated ? media_type_of(syntax) : kBytes, syntax, w.numbers.empty() ? "" : ", or one of ",
                     w.numbers.empty() ? "" : fmt::format("{}", fmt::join(dicom::written_syntaxes(), ", ")))));
}

}  // namespace

Result<std::vector<std::size_t>> numbers_of(const std::string& list, std::size_t frames) {
  std::vector<std::size_t> numbers;
  for (std::string_view left = list; numbers.size() < kMostFrames;) {
    const auto one = left.substr(0, left.find(','));
    const auto number = to_number<std::size_t>(one).value_or(0);
    if (number == 0)
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
  const auto row = TRY(row_of(storage, r));
  Wanted wanted{row, TRY(open_values(storage, row, r.call())), {}, false, {}};
  const auto pixels = TRY(pixel_data(*wanted.object, row));
  wanted.encapsulated = pixels.encapsulated;
  for (const auto number : TRY(numbers_of(r.capture("frames"), pixels.frames.size()))) {
    wanted.slices.push_back(pixels.frames[number - 1]);
    wanted.numbers.push_back(number - 1);
  }
  return frames_answer(r, wanted);
}

Result<Response> bulk_data(Storage& storage, const Request& r) {
  const auto row = TRY(row_of(storage, r));
  Wanted wanted{row, TRY(open_values(storage, row, r.call())), {}, false, {}};
  auto pixels = TRY(pixel_data(*wanted.object, row));
  wanted.encapsulated = pixels.encapsulated;
  if (pixels.encapsulated) {
    wanted.slices = std::move(pixels.frames);
    for (std::size_t i = 0; i < wanted.slices.size(); ++i) wanted.numbers.push_back(i);
    return frames_answer(r, wanted);
  }
  wanted.slices.emplace_back();
  for (const auto& frame : pixels.frames) wanted.slices[0].insert(wanted.slices[0].end(), frame.begin(), frame.end());
  return frames_answer(r, wanted);
}

}  // namespace larmor::storage

#include "services/storage/rest/wado.h"

#include <algorithm>
#include <charconv>

#include "dicom/web/caller.h"
#include "dicom/web/multipart.h"
#include "services/storage/adapters/pixel_data.h"
#include "services/storage/rest/file.h"

namespace larmor::storage {
namespace {

using dicom::Accepted;
using dicom::accepted;
using dicom::dicom_web_answer;
using dicom::multipart_answer;
using dicom::Part;
using dicom::root_of;
using net::Request;
using net::Response;

using dicom::kDicom, dicom::kJson;
constexpr std::string_view kBytes = "application/octet-stream";
constexpr std::string_view kExplicit = "1.2.840.10008.1.2.1", kBigEndian = "1.2.840.10008.1.2.2";
constexpr Duration kOpening = 60s;            // an object, while a study is on its way
constexpr std::size_t kMostFrames = 100'000;  // named in one request

// With a name of its own the router would refuse all others with 422, and DICOMweb's word is 400.
const net::Texts kAccept("{accept}", "`accept`: instead of the header Accept; nothing else is understood");

Result<void> check_query(const Request& r) {
  for (const auto& [name, value] : r.query)
    if (name != "accept" || r.query.count(name) > 1)
      return fail_with({Code::invalid, fmt::format("the parameter '{}' is unknown here, or given twice", name),
                        "Give accept once, or nothing.", name});
  return {};
}

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

std::string_view media_type_of(std::string_view syntax) {
  const auto* row =
      std::find_if(kCompressions.begin(), kCompressions.end(), [&](const auto& c) { return c.syntax == syntax; });
  return row == kCompressions.end() ? kBytes : row->media_type;
}

Error not_acceptable(const Request& r, std::string possible) {
  return {Code::unsupported,
          fmt::format("nothing that '{}' allows can be given",
                      r.parameter("accept").value_or(r.header("accept").value_or(""))),
          fmt::format("Accept {}.", possible), "accept"};
}

/// The instances that the path names, in the order of the index; never none.
Result<std::vector<InstanceRow>> rows_of(Storage& storage, const Request& r) {
  const StudyUid study(r.capture("study"));
  const SeriesUid series(r.capture("series"));
  const SopUid instance(r.capture("instance"));
  std::vector<InstanceRow> rows;
  if (!instance.empty()) {
    rows.push_back(TRY(storage.instance(instance, r.call())));
    if (rows[0].study != study || rows[0].series != series)
      return fail(Code::not_found, "object {} is in another series than the address says", instance);
    return rows;
  }
  for (const auto& one : TRY(storage.series(study, r.call())))
    if (series.empty() || one.series == series)
      for (auto& row : TRY(storage.instances(study, one.series, r.call()))) rows.push_back(std::move(row));
  if (rows.empty()) return fail(Code::not_found, "there is no series {} in study {}", series, study);
  return rows;
}

std::string address_of(const Request& r, const InstanceRow& row) {
  return fmt::format("{}/studies/{}/series/{}/instances/{}", root_of(r), net::encode(row.study.str()),
                     net::encode(row.series.str()), net::encode(row.instance.str()));
}

bool gives(const Accepted& a, std::string_view syntax) {
  return a.syntax.empty() || a.syntax == "*" || a.syntax == syntax;
}

/// Of several objects in one answer: together what tells that none has changed.
std::string tag_of(const std::vector<InstanceRow>& rows) {
  std::size_t mixed = 0;
  for (const auto& row : rows) mixed = mixed * 1'000'003 ^ std::hash<std::string>{}(row.digest);
  return fmt::format("\"{:016x}-{}\"", mixed, rows.size());
}

Part part_of(Storage& storage, const Request& r, const InstanceRow& row) {
  return {fmt::format("{}; transfer-syntax={}", kDicom, row.transfer_syntax), address_of(r, row), row.size,
          [&storage, row]() -> Result<std::unique_ptr<ByteSource>> {
            auto object = TRY(storage.open(row.instance, Call::within(kOpening)));
            return std::make_unique<SliceSource>(std::move(object), std::vector{net::ByteRange{0, row.size}});
          }};
}

Result<Response> objects(Storage& storage, const Request& r) {
  const auto rows = TRY(rows_of(storage, r));
  for (const auto& a : accepted(r)) {
    const auto fits = [&](const auto& row) { return gives(a, row.transfer_syntax.str()); };
    if (!a.takes(kDicom) || !std::all_of(rows.begin(), rows.end(), fits)) continue;
    if (!a.multipart && a.type == kDicom && rows.size() == 1) return file_answer(storage, rows[0].instance, r);
    std::vector<Part> parts;
    for (const auto& row : rows) parts.push_back(part_of(storage, r, row));
    return multipart_answer(kDicom, std::move(parts));
  }
  return fail_with(
      not_acceptable(r, fmt::format("multipart/related; type=\"{}\"; transfer-syntax={}, or * for what is stored",
                                    kDicom, rows[0].transfer_syntax)));
}

/// "1,3,2"; every number from 1.
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

Result<Response> frames(Storage& storage, const Request& r) {
  const auto row = TRY(rows_of(storage, r))[0];
  const std::shared_ptr<Object> object = TRY(storage.open(row.instance, r.call()));
  const auto pixels = TRY(pixel_data(*object, row));
  std::vector<std::vector<net::ByteRange>> wanted;
  for (const auto number : TRY(numbers_of(r.capture("frames"), pixels.frames.size())))
    wanted.push_back(pixels.frames[number - 1]);
  return frames_answer(r, row, object, wanted, pixels.encapsulated);
}

/// The pixel data, the one value that metadata refers to: whole, or a part for each compressed frame.
Result<Response> bulk_data(Storage& storage, const Request& r) {
  const auto row = TRY(rows_of(storage, r))[0];
  const std::shared_ptr<Object> object = TRY(storage.open(row.instance, r.call()));
  const auto pixels = TRY(pixel_data(*object, row));
  if (pixels.encapsulated) return frames_answer(r, row, object, pixels.frames, true);
  std::vector<net::ByteRange> whole;
  for (const auto& frame : pixels.frames) whole.insert(whole.end(), frame.begin(), frame.end());
  return frames_answer(r, row, object, {whole}, false);
}

/// PS3.18 F.2.2: where the pixels are, for all that is an image.
void refer_to_pixels(const Request& r, const InstanceRow& row, Json& set) {
  if (!set.contains("00280010") || !set.contains("00280100")) return;
  const auto bits = set["00280100"].value("Value", Json::array({16})).at(0);
  set["7FE00010"] = {{"vr", bits == 8 || media_type_of(row.transfer_syntax.str()) != kBytes ? "OB" : "OW"},
                     {"BulkDataURI", address_of(r, row) + "/bulkdata/7FE00010"}};
}

Result<Response> metadata(Storage& storage, const Request& r) {
  const auto fits = [](const auto& a) { return !a.multipart && (a.takes(kJson) || a.takes("application/json")); };
  const auto ranges = accepted(r);
  if (std::none_of(ranges.begin(), ranges.end(), fits)) return fail_with(not_acceptable(r, std::string(kJson)));
  const auto rows = TRY(rows_of(storage, r));
  const auto etag = tag_of(rows);
  Response response;
  response.headers = {{"content-type", std::string(kJson)}, {"cache-control", "private, no-cache"}, {"etag", etag}};
  if (r.header("if-none-match") == etag) {
    response.status = 304;
    return response;
  }
  response.body.push_back('[');
  for (const auto& row : rows) {
    auto set = TRY(storage.header(row.instance, r.call()));
    refer_to_pixels(r, row, set);
    if (response.body.size() > 1) response.body += ',';
    response.body += set.dump(-1, ' ', false, Json::error_handler_t::replace);
  }
  response.body += ']';
  return response;
}

}  // namespace

std::vector<net::Route> wado_routes(Storage& storage) {
  struct Row {
    const char* place;
    const char* summary;
    Result<Response> (*handler)(Storage&, const Request&);
    std::string_view answers;
  };
  static constexpr std::array kRows = {
      Row{"", "WADO-RS: the objects of a study", objects, "multipart/related"},
      Row{"/metadata", "WADO-RS: the attributes of a study's objects", metadata, kJson},
      Row{"/series/{series}", "WADO-RS: the objects of a series", objects, "multipart/related"},
      Row{"/series/{series}/metadata", "WADO-RS: the attributes of a series' objects", metadata, kJson},
      Row{"/series/{series}/instances/{instance}", "WADO-RS: an object", objects, "multipart/related"},
      Row{"/series/{series}/instances/{instance}/metadata", "WADO-RS: an object's attributes", metadata, kJson},
      Row{"/series/{series}/instances/{instance}/frames/{frames}", "WADO-RS: frames by number, with commas between",
          frames, "multipart/related"},
      Row{"/series/{series}/instances/{instance}/bulkdata/7FE00010", "WADO-RS: an object's pixel data", bulk_data,
          "multipart/related"},
  };
  std::vector<net::Route> routes;
  for (const auto& row : kRows) {
    const auto handler = [&storage, call = row.handler](const Request& r) -> Result<Response> {
      if (auto checked = check_query(r); !checked) return dicom_web_answer(fail_with(std::move(checked).error()));
      return dicom_web_answer(call(storage, r));
    };
    routes.push_back({net::Method::get,
                      fmt::format("/dicom-web/studies/{{study}}{}", row.place),
                      net::Scope::read,
                      row.summary,
                      handler,
                      std::string(row.answers),
                      "",
                      200,
                      {kAccept}});
  }
  return routes;
}

}  // namespace larmor::storage

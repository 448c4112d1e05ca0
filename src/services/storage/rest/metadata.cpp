#include "services/storage/rest/metadata.h"

#include <algorithm>

#include "dicom/web/compressions.h"
#include "dicom/web/multipart.h"
#include "imaging/parallel.h"
#include "services/storage/adapters/dicom_json.h"
#include "services/storage/rest/frames.h"
#include "services/storage/rest/named.h"
#include "services/storage/rest/resources.h"

namespace larmor::storage {
namespace {

using dicom::accepted;
using dicom::kBytes;
using dicom::kJson;
using dicom::multipart_answer;
using dicom::Part;
using net::Request;
using net::Response;

constexpr std::size_t kMostReaders = 8;   // threads of one request
constexpr std::size_t kSetsAtOnce = 100;  // of an answer that leaves as it is read
constexpr Duration kSetsWithin = 60s;     // the next ones, while it is on its way

/// Threads for so many headers: one needs no company.
int readers_for(std::size_t rows) {
  return static_cast<int>(std::min<std::size_t>({std::thread::hardware_concurrency(), kMostReaders, 1 + rows / 8}));
}

/// PS3.18 F.2.2: where the pixels are. Those that are real numbers have attributes of their own (PS3.3 C.7.6.24,
/// C.7.6.25).
std::string reference_to_pixels(const dicom::HeaderJson& header, const InstanceRow& row, const std::string& address) {
  const bool octets = header.bits == 8 || dicom::media_type_of(row.transfer_syntax.str()) != kBytes;
  const auto* tag = !header.real ? "7FE00010" : header.bits == 32 ? "7FE00008" : "7FE00009";
  const auto* vr = !header.real ? (octets ? "OB" : "OW") : header.bits == 32 ? "OF" : "OD";
  return fmt::format(R"("{}":{{"vr":"{}","BulkDataURI":"{}/bulkdata/{}"}})", tag, vr, address, tag);
}

Result<std::string> metadata_of(Storage& storage, const std::string& root, const InstanceRow& row, const Call& call) {
  const auto object = TRY(open_values(storage, row, call));
  const auto address = address_of(root, row);
  auto header = header_json(*object, address + "/");
  if (!header) return fail_with(while_doing(fmt::format("reading object {}", row.instance), std::move(header).error()));
  auto text = std::move(header->text);
  if (header->image) {
    text.back() = ',';
    text += reference_to_pixels(*header, row, address) + '}';
  }
  text.shrink_to_fit();  // its writer asks for three times the header beforehand, and many are held
  return text;
}

/// The attributes of these objects, with commas between.
Result<std::string> sets_of(Storage& storage, const std::string& root, std::span<const InstanceRow> rows,
                            const Call& call) {
  std::vector<Result<std::string>> sets(rows.size());
  imaging::each_slice(rows.size(), readers_for(rows.size()),
                      [&](std::size_t i) { sets[i] = metadata_of(storage, root, rows[i], call); });
  std::string text;
  for (auto& set : sets) {
    if (!text.empty()) text += ',';
    text += TRY(std::move(set));
  }
  return text;
}

/// The attributes of more objects than are written at once.
class SetsSource final : public ByteSource {
 public:
  SetsSource(Storage& storage, std::string root, const std::shared_ptr<const Named>& named)
      : storage_(storage), root_(std::move(root)), walk_(named) {}

  /// Makes the next few ready, or the end.
  Result<void> go_on() {
    std::vector<InstanceRow> rows;
    while (rows.size() < kSetsAtOnce) {
      const auto* row = TRY(walk_.next());
      if (!row) break;
      rows.push_back(*row);
    }
    text_ = rows.empty() ? "]" : begun_ ? "," : "[";
    ended_ = rows.empty();
    begun_ = true;
    text_ += TRY(sets_of(storage_, root_, rows, Call::within(kSetsWithin)));
    unread_ = MemorySource(as_bytes(text_));
    return {};
  }
  Result<std::size_t> read(MutableBytes into) override {
    for (;;) {
      if (const auto got = TRY(unread_.read(into)); got > 0 || ended_) return got;
      CHECK_OK(go_on());
    }
  }

 private:
  Storage& storage_;
  const std::string root_;
  Walk walk_;
  bool begun_ = false, ended_ = false;
  std::string text_;
  MemorySource unread_{Bytes()};
};

}  // namespace

Result<Response> metadata(Storage& storage, const Request& r) {
  const auto fits = [](const auto& a) { return !a.multipart && a.takes_json(); };
  const auto ranges = accepted(r);
  if (std::none_of(ranges.begin(), ranges.end(), fits)) return fail_with(not_acceptable(r, std::string(kJson)));
  DigestOfAll digest;
  const auto named = TRY(Named::of(storage, r, [&](const InstanceRow& row) { digest.add(row); }));
  const auto etag = fmt::format("\"{}\"", digest.text());
  if (r.knows(etag)) return net::not_modified(etag);
  Response response;
  response.headers = {{"content-type", std::string(kJson)}, {"cache-control", "private, no-cache"}, {"etag", etag}};
  if (named->size() <= Named::kWindow) {  // whole, so that it can be compressed
    response.body = '[' + TRY(sets_of(storage, dicom::root_of(r), named->front(), r.call())) + ']';
    return response;
  }
  const auto sets = std::make_shared<SetsSource>(storage, dicom::root_of(r), named);
  CHECK_OK(sets->go_on());  // what cannot be read is said, at least of the first
  response.stream = sets;
  return response;
}

Result<Response> bulk_value(Storage& storage, const Request& r) {
  const auto row = TRY(row_of(storage, r));
  const auto object = TRY(open_values(storage, row, r.call()));
  auto value = TRY(bulk_value(*object, r.capture("attribute")));
  for (const auto& a : accepted(r)) {
    if (!a.takes(kBytes)) continue;
    if (a.multipart || a.type != kBytes)
      return multipart_answer(kBytes, {dicom::held_part(std::string(kBytes), std::move(value))});
    Response response;
    response.headers = {{"content-type", std::string(kBytes)}, {"cache-control", "private, no-cache"}};
    response.body = std::move(value);
    return response;
  }
  return fail_with(not_acceptable(r, fmt::format("{}, alone or in multipart/related", kBytes)));
}

}  // namespace larmor::storage

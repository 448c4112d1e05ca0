#include "services/import/adapters/batch.h"

#include "dicom/data/scan.h"
#include "dicom/data/text.h"
#include "dicom/dimse/file_head.h"
#include "dicom/web/caller.h"
#include "dicom/web/multipart.h"

namespace larmor::importing {
namespace {

namespace tag = dicom::tag;

constexpr std::size_t kMostParts = 100'000;
constexpr std::size_t kFirstRead = std::size_t{64} << 10, kLongestHead = std::size_t{16} << 20;
constexpr std::size_t kMostAfterwards = std::size_t{64} << 10;  // bytes behind the closing boundary
constexpr std::array kWanted = {tag::kSopClassUid, tag::kSopInstanceUid, tag::kStudyInstanceUid,
                                tag::kSeriesInstanceUid};

/// Fills the rest of `bytes`; they are cut where the source ends.
Result<void> fill(std::vector<std::byte>& bytes, std::size_t from, ByteSource& source) {
  while (from < bytes.size()) {
    const auto got = TRY(source.read(MutableBytes(bytes).subspan(from)));
    if (got == 0) bytes.resize(from);
    from += got;
  }
  return {};
}

StoreReport::Item item_of(const dicom::Header& header) {
  const auto text = [&](dicom::Tag tag) { return dicom::to_utf8(header[tag], ""); };
  return {SopClassUid(text(tag::kSopClassUid)),
          SopUid(text(tag::kSopInstanceUid)),
          SeriesUid(text(tag::kSeriesInstanceUid)),
          StudyUid(text(tag::kStudyInstanceUid)),
          {}};
}

/// Reads as much of the object as says what it is.
Result<StoreReport::Item> identify(ByteSource& source, std::vector<std::byte>& front) {
  for (auto size = kFirstRead;; size *= 4) {
    const auto before = front.size();
    front.resize(size);
    CHECK_OK(fill(front, before, source));
    const auto header = TRY(dicom::scan(front, kWanted));
    auto item = item_of(header);
    const bool known = !item.instance.empty() && !item.study.empty() && !item.series.empty();
    if (known || header.end != dicom::End::cut || front.size() < size || size >= kLongestHead) return item;
  }
}

Result<void> check_type(const net::Headers& headers) {
  const auto found = headers.find("content-type");
  const auto type = found == headers.end() ? std::string(dicom::kDicom) : dicom::media_type(found->second);
  if (type == dicom::kDicom) return {};
  return fail(Code::corrupt, "a part is of '{}', and only {} is taken", type, dicom::kDicom);
}

Result<void> check_study(const Batch& batch, const StudyUid& study) {
  if (batch.study.empty() || study == batch.study) return {};
  return fail(Code::invalid, "the object belongs to study {}, the address names {}", study, batch.study);
}

Result<void> keep(const Batch& batch, ByteSource& content, StoreReport::Item& item, const storage::Origin& origin,
                  storage::Storage& storage, const Call& call) {
  std::vector<std::byte> front;
  item = TRY(identify(content, front));
  CHECK_OK(check_study(batch, item.study));
  MemorySource head(front);
  dimse::ChainedSource whole(head, content);
  const auto receipt = TRY(storage.put(whole, origin, call));
  item.instance = receipt.instance;  // of an object that names none of its own: as its file head says
  return {};
}

/// A body that ends here leaves the connection open for the next request.
void read_to_the_end(ByteSource& body) {
  std::vector<std::byte> rest(4096);
  for (std::size_t seen = 0; seen < kMostAfterwards;) {
    const auto got = body.read(rest);
    if (!got || *got == 0) return;
    seen += *got;
  }
}

}  // namespace

Result<StoreReport> take_batch(const Batch& batch, ByteSource& body, const storage::Origin& origin,
                               storage::Storage& storage, const Call& call) {
  const auto kind = TRY(dicom::multipart(batch.content_type));
  if (!kind.type.empty() && kind.type != dicom::kDicom)
    return fail_with({Code::unsupported, fmt::format("parts of '{}' are not taken", kind.type),
                      fmt::format("Send multipart/related; type=\"{}\".", dicom::kDicom), "content-type"});
  dicom::PartReader parts(kind.boundary, body);
  StoreReport report;
  for (;;) {
    const auto headers = parts.next();
    if (!headers && report.items.empty()) return Failure(headers.error());
    if (!headers) {
      if (!report.items.back().refused) report.items.emplace_back().refused = headers.error();
      return report;
    }
    if (!*headers) break;
    auto& item = report.items.emplace_back();
    if (report.items.size() > kMostParts) {
      item.refused = {Code::too_large, fmt::format("a body has more than {} parts", kMostParts), "Send several."};
      return report;
    }
    auto kept = check_type(**headers);
    if (kept) kept = keep(batch, parts.content(), item, origin, storage, call);
    if (!kept) item.refused = std::move(kept).error();
  }
  if (report.items.empty()) return fail(Code::invalid, "the body has no part");
  read_to_the_end(body);
  return report;
}

}  // namespace larmor::importing

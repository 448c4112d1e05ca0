#include "services/import/adapters/batch.h"

#include "dicom/data/scan.h"
#include "dicom/data/text.h"
#include "dicom/dimse/file_head.h"
#include "dicom/web/caller.h"
#include "dicom/web/multipart.h"
#include "services/import/adapters/described.h"

namespace larmor::importing {
namespace {

namespace tag = dicom::tag;

constexpr std::int64_t kMostParts = 100'000;
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
  return {0,
          SopClassUid(text(tag::kSopClassUid)),
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
  const auto type = found == headers.end() ? std::string(dicom::kDicom) : dicom::media_type(found->second).name;
  if (type == dicom::kDicom) return {};
  return fail(Code::corrupt, "a part is of '{}', and only {} is taken", type, dicom::kDicom);
}

Result<void> check_study(const Batch& batch, const StudyUid& study) {
  if (batch.study.empty() || study == batch.study) return {};
  return fail(Code::invalid, "the object belongs to study {}, the address names {}", study, batch.study);
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

using TakePart = std::function<Result<void>(std::int64_t part, const net::Headers&, ByteSource& content)>;

/// Whatever of a part is refused becomes an item; an Error ends the whole where nothing has come before.
Result<void> each_part(const std::string& boundary, ByteSource& body, StoreReport& report, const TakePart& take) {
  dicom::PartReader parts(boundary, body);
  for (std::int64_t part = 1;; ++part) {
    const auto refuse = [&](Error why) {
      report.items.emplace_back(StoreReport::Item{.part = part}).refused = std::move(why);
    };
    const auto headers = parts.next();
    if (!headers && part == 1) return Failure(headers.error());
    if (!headers) {
      if (report.items.empty() || !report.items.back().refused) refuse(headers.error());
      return {};
    }
    if (!*headers) break;
    if (part > kMostParts) {
      refuse({Code::too_large, fmt::format("a body has more than {} parts", kMostParts), "Send several."});
      return {};
    }
    if (auto taken = take(part, **headers, parts.content()); !taken) refuse(std::move(taken).error());
  }
  if (report.items.empty()) return fail(Code::invalid, "the body has no object");
  read_to_the_end(body);
  return {};
}

}  // namespace

Result<StoreReport> take_batch(const Batch& batch, ByteSource& body, const storage::Origin& origin,
                               std::uint64_t most_waiting, storage::Storage& storage, const Call& call) {
  const auto kind = TRY(dicom::multipart(batch.content_type));
  StoreReport report;
  const auto keep = [&](StoreReport::Item& item, ByteSource& part10) -> Result<void> {
    CHECK_OK(check_study(batch, item.study));
    item.instance = TRY(storage.put(part10, origin, call)).instance;  // of one that names none: as its file head says
    return {};
  };
  if (kind.type == dicom::kJson || kind.type == dicom::kXml) {
    Described described(most_waiting, report, keep);
    CHECK_OK(each_part(kind.boundary, body, report, [&](auto part, const auto& headers, auto& content) {
      return described.take(part, headers, content);
    }));
    described.end();
    return report;
  }
  if (!kind.type.empty() && kind.type != dicom::kDicom)
    return fail_with({Code::unsupported, fmt::format("parts of '{}' are not taken", kind.type),
                      fmt::format("Send multipart/related; type=\"{}\", \"{}\" or \"{}\".", dicom::kDicom, dicom::kJson,
                                  dicom::kXml),
                      "content-type"});
  CHECK_OK(each_part(kind.boundary, body, report, [&](auto part, const auto& headers, auto& content) -> Result<void> {
    CHECK_OK(check_type(headers));
    std::vector<std::byte> front;
    auto item = TRY(identify(content, front));
    item.part = part;
    MemorySource head(front);
    dimse::ChainedSource whole(head, content);
    if (const auto kept = keep(item, whole); !kept) item.refused = kept.error();
    report.items.push_back(std::move(item));
    return {};
  }));
  return report;
}

}  // namespace larmor::importing

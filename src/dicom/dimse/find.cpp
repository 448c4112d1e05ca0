#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dcdatset.h>
#include <dcmtk/dcmdata/dcdeftag.h>
#include <dcmtk/dcmdata/dcistrmb.h>
#include <dcmtk/dcmdata/dcostrmb.h>
#include <dcmtk/dcmdata/dcwcache.h>

#include "dicom/dimse/requestor.h"
#include "dicom/dimse/scu.h"

namespace larmor::dimse {
namespace {

constexpr std::string_view kStudyRootFind = "1.2.840.10008.5.1.4.1.2.2.1";
constexpr std::size_t kLargestRow = 1 << 20;

std::string_view name(Level level) {
  constexpr std::array names = {"STUDY", "SERIES", "IMAGE"};
  return names[static_cast<std::size_t>(level)];
}

Result<std::string> identifier(Level level, const Row& keys, E_TransferSyntax syntax) {
  DcmDataset dataset;
  dataset.putAndInsertString(DCM_QueryRetrieveLevel, std::string(name(level)).c_str());
  for (const auto& [keyword, value] : keys) {
    DcmTag tag;
    if (DcmTag::findTagFromName(keyword.c_str(), tag).bad())
      return fail_with({Code::invalid, fmt::format("no attribute is called {}", keyword), "", keyword});
    if (dataset.putAndInsertString(tag, value.c_str()).bad())
      return fail_with({Code::invalid, fmt::format("'{}' is no value for {}", value, keyword), "", keyword});
  }
  std::vector<char> room(65'536);
  DcmOutputBufferStream stream(room.data(), static_cast<offile_off_t>(room.size()));
  DcmWriteCache cache;
  dataset.transferInit();
  const auto status = dataset.write(stream, syntax, EET_ExplicitLength, &cache, EGL_withoutGL);
  dataset.transferEnd();
  if (status.bad()) return fail(Code::too_large, "the query has more than {} bytes", room.size());
  void* piece = nullptr;
  offile_off_t size = 0;
  stream.flushBuffer(piece, size);
  return std::string(static_cast<const char*>(piece), static_cast<std::size_t>(size));
}

Result<Row> parse(const std::string& bytes, const Row& keys, E_TransferSyntax syntax) {
  DcmInputBufferStream stream;
  stream.setBuffer(bytes.data(), static_cast<offile_off_t>(bytes.size()));
  stream.setEos();
  DcmDataset dataset;
  dataset.transferInit();
  const auto status = dataset.read(stream, syntax);
  dataset.transferEnd();
  if (status.bad()) return fail(Code::corrupt, "a row of the answer cannot be read: {}", status.text());
  Row row;
  for (const auto& [keyword, unused] : keys) {
    DcmTag tag;
    OFString value;
    if (DcmTag::findTagFromName(keyword.c_str(), tag).good() && dataset.findAndGetOFStringArray(tag, value).good())
      row[keyword] = std::string(value.c_str(), value.size());
  }
  return row;
}

Result<std::vector<Row>> collect(Requestor& line, const Row& keys, E_TransferSyntax syntax, std::size_t most) {
  std::vector<Row> rows;
  for (;;) {
    const auto answer = TRY(line.receive());
    const auto& c = answer.command;
    if (c.field != Field::find_response) return fail(Code::unavailable, "the answer does not belong to the question");
    std::string bytes;
    if (c.data_set) {
      auto data = line.data(answer.context);
      bytes = TRY(read_all(data, kLargestRow));
    }
    if (!is_pending(c.status)) {
      if (c.status == 0) return rows;
      return fail_with({(c.status & 0xFF00) == 0xA700 ? Code::unavailable : Code::unsupported,
                        fmt::format("C-FIND was answered with status 0x{:04X}{}", c.status,
                                    c.comment.empty() ? "" : fmt::format(" ({})", c.comment)),
                        "Its log tells more", ""});
    }
    if (rows.size() == most) return fail(Code::too_large, "the answer has more than {} rows", most);
    rows.push_back(TRY(parse(bytes, keys, syntax)));
  }
}

Result<std::vector<Row>> ask(const Peer& peer, Level level, const Row& keys, std::size_t most) {
  const std::array proposals = {
      Proposal{std::string(kStudyRootFind), {std::string(kExplicitLittle), std::string(kImplicitLittle)}}};
  const auto line = TRY(Requestor::open(peer, proposals));
  const auto& agreed = line->agreed(0);
  if (agreed.context == 0)
    return fail_with({Code::unsupported, "the association was accepted, but not for queries (C-FIND)",
                      fmt::format("Ask its administrator to let {} query", peer.calling), ""});
  const auto syntax = DcmXfer(agreed.transfer_syntax.c_str()).getXfer();
  const auto query = TRY(identifier(level, keys, syntax));
  const auto number = line->next_message();
  CHECK_OK(line->send(agreed.context,
                      {Field::find_request, number, SopClassUid(std::string(kStudyRootFind)), {}, true, 0, ""}));
  MemorySource source(as_bytes(query));
  CHECK_OK(line->send_data(agreed.context, source));
  auto rows = TRY(collect(*line, keys, syntax, most));
  line->release();
  return rows;
}

}  // namespace

Result<std::vector<Row>> find(const Peer& peer, Level level, const Row& keys, std::size_t most) {
  auto rows = ask(peer, level, keys, most);
  if (!rows) {
    auto e = std::move(rows).error();
    e.what = fmt::format("cannot query {}: {}", words(peer), e.what);
    return fail_with(std::move(e));
  }
  return rows;
}

}  // namespace larmor::dimse

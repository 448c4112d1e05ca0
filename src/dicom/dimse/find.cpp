#include "dicom/dimse/identifier.h"
#include "dicom/dimse/requestor.h"

namespace larmor::dimse {
namespace {

constexpr std::string_view kStudyRootFind = "1.2.840.10008.5.1.4.1.2.2.1";
constexpr std::size_t kLargestRow = 1 << 20;

Result<std::vector<Row>> collect(Requestor& line, const Row& keys, const std::string& syntax, std::size_t most) {
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
    rows.push_back(TRY(decode_identifier(bytes, keys, syntax)));
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
  const auto query = TRY(encode_identifier(level, keys, agreed.transfer_syntax));
  const auto number = line->next_message();
  CHECK_OK(line->send(agreed.context,
                      {Field::find_request, number, SopClassUid(std::string(kStudyRootFind)), {}, true, 0, ""}));
  MemorySource source(as_bytes(query));
  CHECK_OK(line->send_data(agreed.context, source));
  auto rows = TRY(collect(*line, keys, agreed.transfer_syntax, most));
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

#include "dicom/dimse/offered.h"
#include "dicom/dimse/question.h"

namespace larmor::dimse {
namespace {

constexpr Service kQuery{kStudyRootFind, Field::find_request, "queries (C-FIND)", "query"};
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

Result<std::vector<Row>> rows_of(const Peer& peer, Level level, const Row& keys, std::size_t most) {
  const auto question = TRY(ask(peer, kQuery, level, keys));
  auto rows = TRY(collect(*question.line, keys, question.agreed().transfer_syntax, most));
  question.line->release();
  return rows;
}

}  // namespace

Result<std::vector<Row>> find(const Peer& peer, Level level, const Row& keys, std::size_t most) {
  auto rows = rows_of(peer, level, keys, most);
  if (!rows) {
    auto e = std::move(rows).error();
    e.what = fmt::format("cannot query {}: {}", words(peer), e.what);
    return fail_with(std::move(e));
  }
  return rows;
}

}  // namespace larmor::dimse

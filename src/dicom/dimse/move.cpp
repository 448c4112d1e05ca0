#include "dicom/dimse/offered.h"
#include "dicom/dimse/question.h"

namespace larmor::dimse {
namespace {

constexpr Service kRetrieval{kStudyRootMove, Field::move_request, "retrieval (C-MOVE)", "retrieve"};
constexpr std::size_t kLargestList = 1 << 20;  // of the failed objects
constexpr int kMostAnswers = 1'000'000;

/// Status of a C-MOVE response (PS3.4, table C.4-2) as one of our errors.
Error refusal(const Command& answer, const AeTitle& destination) {
  const auto word = [&](Code code, std::string_view what, std::string hint) {
    const auto comment = answer.comment.empty() ? "" : fmt::format(" ({})", answer.comment);
    return Error{code, fmt::format("refused with status 0x{:04X}, {}{}", answer.status, what, comment), std::move(hint),
                 ""};
  };
  if (answer.status == 0xA801)
    return word(Code::forbidden, "it does not know the move destination",
                fmt::format("Ask its administrator to register {} with this machine's address and port", destination));
  if ((answer.status & 0xFF00) == 0xA700) return word(Code::unavailable, "out of resources", "Its log tells more");
  if (answer.status == 0xFE00) return word(Code::cancelled, "cancelled", "");
  if ((answer.status & 0xFF00) == 0xA900) return word(Code::unsupported, "it does not understand the request", "");
  return word(Code::unavailable, "it could not send them",
              fmt::format("See its log: does it know {}, and can it reach this machine?", destination));
}

/// False when it must end before an answer has come.
Result<bool> wait_for_answer(Requestor& line, Duration patience, const std::function<bool()>& go_on) {
  const auto end = std::chrono::steady_clock::now() + patience;
  while (!line.answer_waits(1s)) {
    if (go_on && !go_on()) return false;
    if (std::chrono::steady_clock::now() >= end) return fail(Code::timed_out, "it was waited for in vain");
  }
  return !go_on || go_on();
}

Result<Moved> watch(Requestor& line, const Peer& peer, std::uint16_t number, const AeTitle& destination,
                    const std::function<bool()>& go_on) {
  for (int answers = 0; answers < kMostAnswers; ++answers) {
    if (!TRY(wait_for_answer(line, peer.answer, go_on))) {
      (void)line.send(line.agreed(0).context, {Field::cancel_request, number});  // it is left either way
      return fail(Code::cancelled, "stopped before all had been sent");
    }
    const auto answer = TRY(line.receive());
    const auto& c = answer.command;
    if (c.field != Field::move_response || c.message != number)
      return fail(Code::unavailable, "the answer does not belong to the question");
    if (c.data_set) {
      auto data = line.data(answer.context);
      TRY(read_all(data, kLargestList));
    }
    if (is_pending(c.status)) continue;
    const Moved moved{c.completed, c.failed, c.warned};
    // Some archives call it a failure when a part failed (PS3.4 has 0xB000 for that); the counts say how it was.
    if (is_success(c.status) || moved.completed > 0) return moved;
    return fail_with(refusal(c, destination));
  }
  return fail(Code::unavailable, "more than {} answers to one question", kMostAnswers);
}

Result<Moved> moved_by(const Peer& peer, Level level, const Row& keys, const AeTitle& destination,
                       const std::function<bool()>& go_on) {
  const auto question = TRY(ask(peer, kRetrieval, level, keys, destination));
  const auto moved = TRY(watch(*question.line, peer, question.message, destination, go_on));
  question.line->release();
  return moved;
}

}  // namespace

Result<Moved> move(const Peer& peer, Level level, const Row& keys, const AeTitle& destination,
                   const std::function<bool()>& go_on) {
  auto moved = moved_by(peer, level, keys, destination, go_on);
  if (!moved) {
    auto e = std::move(moved).error();
    e.what = fmt::format("cannot retrieve from {}: {}", words(peer), e.what);
    return fail_with(std::move(e));
  }
  return moved;
}

}  // namespace larmor::dimse

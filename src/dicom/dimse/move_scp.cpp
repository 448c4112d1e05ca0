#include "dicom/dimse/move_scp.h"

#include "dicom/dimse/find_identifier.h"
#include "dicom/dimse/scu.h"

namespace larmor::dimse {
namespace {

constexpr std::size_t kLargestQuestion = 1 << 20;
constexpr std::uint16_t kPending = 0xFF00, kCancelled = 0xFE00, kSuccess = 0;
/// PS3.4 table C.4-2.
constexpr std::uint16_t kUnknownDestination = 0xA801, kNoneSent = 0xA702, kSomeFailed = 0xB000;
constexpr auto kBetweenWords = 1s;  // the caller hears how it goes
constexpr std::array<dicom::Tag, 4> kUnique = {0x00100020, 0x0020000D, 0x0020000E, 0x00080018};

std::uint16_t bounded(std::size_t count) {
  return static_cast<std::uint16_t>(std::min<std::size_t>(count, 0xFFFF));
}

/// One retrieval while it runs.
class Moving {
 public:
  Moving(const FindLine& line, const Command& request, const Retrieve& retrieve)
      : line_(line), request_(request), retrieve_(retrieve) {}

  /// The final answer; an Error where it could not be begun.
  Result<Command> run(const std::string& identifier) {
    auto asked = TRY(read_question(identifier, line_.transfer_syntax, request_.sop_class.str() == kPatientRootMove));
    const auto named = [&](dicom::Tag tag) {
      const auto* key = dicom::key_of(asked.query, tag);
      return key && !key->value.empty() && key->value.find_first_of("*?") == std::string::npos;
    };
    if (std::none_of(kUnique.begin(), kUnique.end(), named))
      return fail_with(
          {Code::invalid, "the identifier names no patient, study, series or instance", "", "StudyInstanceUID"});
    const auto retrieval = TRY(retrieve_(asked.query, request_.destination));
    total_ = retrieval.objects.size();
    const auto delivery =
        send(retrieval.destination, retrieval.objects, [this](std::size_t done) { return go_on(done); });
    if (!delivery && delivery.error().code != Code::cancelled) return Failure(delivery.error());
    auto last = answer(delivery ? kSuccess : kCancelled);
    if (!delivery) {
      last.completed = bounded(done_);
      return last;
    }
    last.completed = bounded(static_cast<std::size_t>(delivery->sent));
    last.failed = bounded(delivery->refused.size());
    if (!delivery->refused.empty()) {
      last.status = delivery->sent > 0 ? kSomeFailed : kNoneSent;
      last.comment = delivery->refused[0].why.what.substr(0, 64);
    }
    return last;
  }
  bool broken() const { return broken_; }

  Command answer(std::uint16_t status) const {
    return {Field::move_response, request_.message, request_.sop_class, {}, false, status, ""};
  }

 private:
  /// Tells the caller where it stands, and hears whether she has enough.
  bool go_on(std::size_t done) {
    done_ = done;
    if (ASC_dataWaiting(&line_.association, 0)) {
      const auto received = receive_command(line_.association, line_.wire);
      broken_ = !received.message || received.message->command.field != Field::cancel_request;
      return false;
    }
    const auto now = std::chrono::steady_clock::now();
    if (done == 0 || now - told_ < kBetweenWords) return true;
    told_ = now;
    auto pending = answer(kPending);
    pending.completed = bounded(done);
    pending.remaining = bounded(total_ - done);
    broken_ = !send_command(line_.association, line_.wire, line_.context, pending);
    return !broken_;
  }

  const FindLine& line_;
  const Command& request_;
  const Retrieve& retrieve_;
  std::size_t total_ = 0, done_ = 0;
  std::chrono::steady_clock::time_point told_ = std::chrono::steady_clock::now();
  bool broken_ = false;
};

}  // namespace

bool answer_move(const FindLine& line, const Command& request, const Retrieve& retrieve) {
  PdvSource data(line.association, line.wire, line.context);
  auto identifier = read_all(data, kLargestQuestion);
  if (!data.drain()) return false;
  Moving moving(line, request, retrieve);
  auto last = identifier ? moving.run(*identifier) : Result<Command>(Failure(std::move(identifier).error()));
  if (moving.broken()) return false;
  if (!last) {
    const auto& why = last.error();
    auto refused = moving.answer(why.code == Code::not_found     ? kUnknownDestination
                                 : why.code == Code::unsupported ? std::uint16_t{0xC001}
                                                                 : row(why.code).dimse);
    refused.comment = why.what.substr(0, 64);
    last = std::move(refused);
  }
  std::replace(last->comment.begin(), last->comment.end(), '\\', '/');
  return send_command(line.association, line.wire, line.context, *last).has_value();
}

}  // namespace larmor::dimse

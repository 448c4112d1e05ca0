#include "dicom/dimse/find_scp.h"

#include <set>

#include "dicom/dimse/find_identifier.h"
#include "dicom/query/model.h"

namespace larmor::dimse {
namespace {

constexpr std::size_t kLargestQuestion = 1 << 20, kMostPatients = 100'000;
constexpr std::uint16_t kPending = 0xFF00, kPendingLeftOut = 0xFF01, kCancelled = 0xFE00, kSuccess = 0;

std::string patient_of(const Json& set) {
  std::string patient;
  for (const auto* tag : {"00100020", "00100010"})
    if (const auto found = set.find(tag); found != set.end()) patient += dicom::text_of(*found) + "\n";
  return patient;
}

/// One question while it is being answered.
class Answering {
 public:
  Answering(const FindLine& line, const Command& request, const Find& find)
      : line_(line), request_(request), find_(find) {}

  /// The final status; an error where a wire broke, or where the question could not be answered.
  Result<std::uint16_t> run(const std::string& identifier) {
    auto asked = TRY(
        read_question(identifier, line_.transfer_syntax, request_.sop_class.str() == std::string(kPatientRootFind)));
    if (asked.patients) asked.query.include.insert(asked.query.include.end(), {0x00100010, 0x00100020});
    for (;;) {
      const auto page = TRY(find_(asked.query));
      for (const auto& set : page.items) {
        if (cancelled()) return kCancelled;
        if (asked.patients && !is_new(patient_of(set))) continue;
        if (patients_.size() > kMostPatients)
          return fail(Code::too_large, "more than {} patients match", kMostPatients);
        CHECK_OK(send(asked, set));
      }
      if (page.next.empty()) return kSuccess;
      asked.query.after = page.next;
    }
  }
  bool broken() const { return broken_; }

 private:
  bool is_new(const std::string& patient) { return patients_.insert(patient).second; }

  Result<void> send(const Asked& asked, const Json& set) {
    auto bytes = TRY(write_answer(asked, set, line_.title, line_.transfer_syntax));
    Command pending{Field::find_response, request_.message, request_.sop_class, {}, true, kPending, ""};
    if (asked.left_out) pending.status = kPendingLeftOut;
    MemorySource source(as_bytes(bytes));
    auto sent = send_command(line_.association, line_.wire, line_.context, pending);
    if (sent) sent = send_data(line_.association, line_.wire, line_.context, source);
    broken_ = !sent;
    return sent;
  }

  /// Has the caller said that it has enough? Anything else in mid-answer is against the rules.
  bool cancelled() {
    if (!ASC_dataWaiting(&line_.association, 0)) return false;
    const auto received = receive_command(line_.association, line_.wire);
    broken_ = !received.message || received.message->command.field != Field::cancel_request;
    return true;
  }

  const FindLine& line_;
  const Command& request_;
  const Find& find_;
  std::set<std::string> patients_;
  bool broken_ = false;
};

}  // namespace

bool answer_find(const FindLine& line, const Command& request, const Find& find) {
  PdvSource data(line.association, line.wire, line.context);
  auto identifier = read_all(data, kLargestQuestion);
  if (!data.drain()) return false;
  Answering answering(line, request, find);
  const auto status =
      identifier ? answering.run(*identifier) : Result<std::uint16_t>(Failure(std::move(identifier).error()));
  if (answering.broken()) return false;
  Command last{Field::find_response, request.message, request.sop_class, {}, false, kSuccess, ""};
  if (status) {
    last.status = *status;
  } else {
    // PS3.4 table C.4-1: A900 the identifier does not fit, A700 out of resources, C000 and on cannot process.
    const auto code = status.error().code;
    last.status = code == Code::unsupported ? std::uint16_t{0xC001} : row(code).dimse;
    last.comment = status.error().what.substr(0, 64);
    std::replace(last.comment.begin(), last.comment.end(), '\\', '/');
  }
  return send_command(line.association, line.wire, line.context, last).has_value();
}

}  // namespace larmor::dimse

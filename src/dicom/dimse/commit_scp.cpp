#include "dicom/dimse/commit_scp.h"

#include "dicom/dimse/commitment_data.h"
#include "dicom/dimse/offered.h"

namespace larmor::dimse {
namespace {

constexpr std::size_t kLargestQuestion = std::size_t{4} << 20, kMostDue = 16;
constexpr std::string_view kWellKnownInstance = "1.2.840.10008.1.20.1.1";  // PS3.4 J.3.5
constexpr std::uint16_t kRequestCommitment = 1, kAllCommitted = 1, kSomeFailed = 2;
/// PS3.7 annex C.
constexpr std::uint16_t kNoSuchAction = 0x0123, kInvalidArgument = 0x0115, kNoResources = 0x0213, kFailure = 0x0110;

std::uint16_t status_of(Code code) {
  switch (code) {
    case Code::unsupported:
      return kNoSuchAction;
    case Code::not_found:
      return row(code).dimse;
    case Code::invalid:
    case Code::corrupt:
      return kInvalidArgument;
    case Code::too_large:
      return kNoResources;
    default:
      return kFailure;
  }
}

}  // namespace

Result<ReportMessage> report_message(const CommitmentReport& report, std::uint16_t number,
                                     const TransferSyntaxUid& syntax) {
  Command command{Field::event_request, number, SopClassUid(std::string(kStorageCommitment)),
                  SopUid(std::string(kWellKnownInstance)), true};
  command.type = report.failed.empty() ? kAllCommitted : kSomeFailed;
  return ReportMessage{std::move(command), TRY(write_report(report, syntax))};
}

Result<void> CommitScp::take(const Command& command, Result<std::string> data_set, Due& due) {
  if (command.type != kRequestCommitment) return fail(Code::unsupported, "there is no action {}", command.type);
  if (command.instance.str() != kWellKnownInstance)
    return fail(Code::not_found, "the only instance of this class is {}", kWellKnownInstance);
  if (due_.size() + unanswered_.size() >= kMostDue)
    return fail(Code::too_large, "{} requests of this association are open", kMostDue);
  due.commitment = TRY(read_commitment(TRY(std::move(data_set)), due.syntax));
  return services_.take(due.commitment);
}

bool CommitScp::answer(const Received& asked, const TransferSyntaxUid& syntax) {
  const auto& command = asked.command;
  PdvSource data(association_, wire_, asked.context);
  auto data_set = read_all(data, kLargestQuestion);
  if (!data.drain()) return false;
  Command answer{Field::action_response, command.message, command.sop_class, command.instance};
  answer.type = command.type;
  Due due{asked.context, syntax, {}};
  if (const auto taken = take(command, std::move(data_set), due); !taken)
    answer.refuse(status_of(taken.error().code), taken.error().what);
  else
    due_.push_back(std::move(due));
  return send_command(association_, wire_, asked.context, answer).has_value();
}

bool CommitScp::tell() {
  if (due_.empty() || message_waits(association_, wire_, 1s)) return true;
  for (const auto& due : std::exchange(due_, {})) {
    auto report = services_.judge(due.commitment);
    if (!report) continue;  // it is told later
    const auto message = report_message(*report, ++message_, due.syntax);
    if (!message) continue;
    unanswered_[message_] = std::move(*report);
    MemorySource source(as_bytes(message->data_set));
    if (!send_command(association_, wire_, due.context, message->command) ||
        !send_data(association_, wire_, due.context, source))
      return false;
  }
  return true;
}

void CommitScp::heard(const Command& answer) {
  const auto report = unanswered_.extract(answer.message);
  if (!report.empty() && is_success(answer.status)) services_.told(report.mapped());
}

}  // namespace larmor::dimse

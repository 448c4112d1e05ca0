#include "dicom/dimse/report.h"

#include "dicom/dimse/commit_scp.h"
#include "dicom/dimse/offered.h"
#include "dicom/dimse/requestor.h"

namespace larmor::dimse {
namespace {

Result<void> report_to(const Peer& peer, const CommitmentReport& report) {
  const std::array proposals = {
      Proposal{std::string(kStorageCommitment), {std::string(kExplicitLittle), std::string(kImplicitLittle)}, true}};
  const auto line = TRY(Requestor::open(peer, proposals));
  const auto& agreed = line->agreed(0);
  if (agreed.context == 0)
    return fail(Code::unsupported, "the association was accepted, but not for storage commitment");
  const auto message = TRY(report_message(report, line->next_message(), TransferSyntaxUid(agreed.transfer_syntax)));
  CHECK_OK(line->send(agreed.context, message.command));
  MemorySource source(as_bytes(message.data_set));
  CHECK_OK(line->send_data(agreed.context, source));
  const auto answer = TRY(line->receive()).command;
  if (answer.field != Field::event_response || answer.message != message.command.message)
    return fail(Code::unavailable, "the answer does not belong to the report");
  if (!is_success(answer.status))
    return fail(Code::unsupported, "the report was answered with status 0x{:04X}{}", answer.status,
                answer.comment.empty() ? "" : fmt::format(" ({})", answer.comment));
  line->release();
  return {};
}

}  // namespace

Result<void> report(const Peer& peer, const CommitmentReport& report) {
  auto done = report_to(peer, report);
  if (!done)
    return fail_with(while_doing(
        fmt::format("cannot tell {} of storage commitment {}", words(peer), report.transaction), done.error()));
  return done;
}

}  // namespace larmor::dimse

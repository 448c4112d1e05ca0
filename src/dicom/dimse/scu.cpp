#include "dicom/dimse/scu.h"

#include "dicom/dimse/requestor.h"

namespace larmor::dimse {
namespace {

Error about(const Peer& peer, std::string_view doing, const Error& e) {
  return {e.code, fmt::format("{} {}: {}", doing, words(peer), e.what), e.hint, e.field};
}

Result<void> ask_echo(const Peer& peer) {
  const std::array proposals = {Proposal{std::string(kVerification), {std::string(kImplicitLittle)}}};
  const auto line = TRY(Requestor::open(peer, proposals));
  const auto context = line->agreed(0).context;
  if (context == 0) return fail(Code::unsupported, "the association was accepted, but not for verification (C-ECHO)");
  const auto number = line->next_message();
  CHECK_OK(
      line->send(context, {Field::echo_request, number, SopClassUid(std::string(kVerification)), {}, false, 0, ""}));
  const auto answer = TRY(line->receive());
  if (answer.command.field != Field::echo_response || answer.command.status != 0)
    return fail(Code::unavailable, "C-ECHO was answered with status 0x{:04X}", answer.command.status);
  line->release();
  return {};
}

}  // namespace

Result<void> echo(const Peer& peer) {
  if (auto done = ask_echo(peer); !done) return fail_with(about(peer, "cannot echo", done.error()));
  return {};
}

}  // namespace larmor::dimse

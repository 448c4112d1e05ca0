#include "dicom/dimse/question.h"

namespace larmor::dimse {

Result<Question> ask(const Peer& peer, const Service& service, Level level, const Row& keys,
                     const AeTitle& destination) {
  const std::array proposals = {
      Proposal{std::string(service.sop_class), {std::string(kExplicitLittle), std::string(kImplicitLittle)}}};
  Question out{TRY(Requestor::open(peer, proposals))};
  const auto& agreed = out.agreed();
  if (agreed.context == 0)
    return fail_with({Code::unsupported, fmt::format("the association was accepted, but not for {}", service.name),
                      fmt::format("Ask its administrator to let {} {}", peer.calling, service.verb), ""});
  const auto identifier = TRY(encode_identifier(level, keys, agreed.transfer_syntax));
  out.message = out.line->next_message();
  Command request{service.request, out.message, SopClassUid(std::string(service.sop_class))};
  request.data_set = true;
  request.destination = destination;
  CHECK_OK(out.line->send(agreed.context, request));
  MemorySource source(as_bytes(identifier));
  CHECK_OK(out.line->send_data(agreed.context, source));
  return out;
}

}  // namespace larmor::dimse

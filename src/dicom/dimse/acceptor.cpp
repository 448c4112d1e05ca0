#include "dicom/dimse/acceptor.h"

#include <dcmtk/dcmdata/dcuid.h>
#include <unistd.h>

#include <mutex>

#include "base/text.h"
#include "dicom/dimse/get_scp.h"
#include "dicom/dimse/offered.h"

namespace larmor::dimse {
namespace {

/// DCMTK takes an accepted socket only through one process-wide variable; this lock guards it from setting to reading.
std::mutex handle_mutex;
thread_local std::unique_lock<std::mutex>* handle_lock = nullptr;

/// Service classes that Larmor does not provide (PS3.4): everything else is taken for storage, private classes too.
constexpr std::array<std::string_view, 24> kNotStorage = {
    "1.2.840.10008.1.20.",                             // storage commitment
    "1.2.840.10008.1.40",       "1.2.840.10008.1.42",  // procedural event and substance logging
    "1.2.840.10008.3.1.2.",                            // patient, visit, study and procedure step management
    "1.2.840.10008.5.1.1.",                            // print
    "1.2.840.10008.5.1.4.1.2.",                        // query and retrieve
    "1.2.840.10008.5.1.4.31",                          // modality worklist
    "1.2.840.10008.5.1.4.32.",                         // general purpose worklist
    "1.2.840.10008.5.1.4.33",                          // instance availability notification
    "1.2.840.10008.5.1.4.34.4", "1.2.840.10008.5.1.4.34.5", "1.2.840.10008.5.1.4.34.6",  // unified procedure steps
    "1.2.840.10008.5.1.4.37.",                                                           // relevant patient information
    "1.2.840.10008.5.1.4.38.2", "1.2.840.10008.5.1.4.38.3", "1.2.840.10008.5.1.4.38.4",  // hanging protocol query
    "1.2.840.10008.5.1.4.39.2", "1.2.840.10008.5.1.4.39.3", "1.2.840.10008.5.1.4.39.4",  // colour palette query
    "1.2.840.10008.5.1.4.41",   "1.2.840.10008.5.1.4.42",                                // substance administration
    "1.2.840.10008.5.1.4.43.2", "1.2.840.10008.5.1.4.44.2", "1.2.840.10008.5.1.4.45.2",  // implant template query
};

bool is_for_us(std::string_view abstract_syntax) {
  return std::none_of(kNotStorage.begin(), kNotStorage.end(), [&](std::string_view prefix) {
    if (!abstract_syntax.starts_with(prefix)) return false;
    const auto rest = abstract_syntax.substr(prefix.size());
    return prefix.back() == '.' || rest.empty() || rest.front() == '.';
  });
}

bool will_receive(const T_ASC_PresentationContext& proposed) {
  return proposed.proposedRole == ASC_SC_ROLE_SCP || proposed.proposedRole == ASC_SC_ROLE_SCUSCP;
}

/// Explicit first: it keeps the VR of private attributes. nullptr where neither was proposed.
const char* uncompressed(const T_ASC_PresentationContext& proposed) {
  for (const auto wanted : {kExplicitLittle, kImplicitLittle})
    for (int i = 0; i < proposed.transferSyntaxCount; ++i)
      if (proposed.proposedTransferSyntaxes[i] == wanted) return proposed.proposedTransferSyntaxes[i];
  return nullptr;
}

/// Of objects the sender's own first choice: the one that it most likely needs not convert for. Of questions one that
/// we can read and write, and of objects that the caller wants to receive (C-GET) one that any object can be brought
/// into: who wants them as they are stored proposes a context for each syntax. nullptr where there is none.
const char* choice_of(const T_ASC_PresentationContext& proposed, bool queries) {
  if (find_offered(proposed.abstractSyntax)) return queries ? uncompressed(proposed) : nullptr;
  if (proposed.transferSyntaxCount == 0 || !is_for_us(proposed.abstractSyntax)) return nullptr;
  const auto* plain = will_receive(proposed) ? uncompressed(proposed) : nullptr;
  return plain ? plain : proposed.proposedTransferSyntaxes[0];
}

struct RefusalRow {
  T_ASC_RejectParametersResult result;
  T_ASC_RejectParametersSource source;
  T_ASC_RejectParametersReason reason;
  std::string_view words;
};

/// PS3.8, table 9-21.
constexpr std::array kRefusals = {
    RefusalRow{ASC_RESULT_REJECTEDPERMANENT, ASC_SOURCE_SERVICEUSER, ASC_REASON_SU_CALLEDAETITLENOTRECOGNIZED,
               "called AE title not recognised"},
    RefusalRow{ASC_RESULT_REJECTEDPERMANENT, ASC_SOURCE_SERVICEUSER, ASC_REASON_SU_CALLINGAETITLENOTRECOGNIZED,
               "calling AE title not recognised"},
    RefusalRow{ASC_RESULT_REJECTEDTRANSIENT, ASC_SOURCE_SERVICEPROVIDER_PRESENTATION_RELATED,
               ASC_REASON_SP_PRES_LOCALLIMITEXCEEDED, "too many associations at a time"},
};

const RefusalRow& row_of(Refusal r) {
  return kRefusals[static_cast<std::size_t>(r)];
}

}  // namespace

std::string_view words(Refusal r) {
  return row_of(r).words;
}

Acceptor::Acceptor(std::shared_ptr<DcmTransportLayer> tls, Duration greeting)
    : transport_(std::move(tls), greeting, [] { handle_lock->unlock(); }), greeting_(greeting) {}

Acceptor::~Acceptor() {
  if (association_) {
    ASC_dropAssociation(association_);
    ASC_destroyAssociation(&association_);
  }
  if (network_) ASC_dropNetwork(&network_);
}

Result<void> Acceptor::receive(int socket, std::uint32_t pdu, Association& self) {
  const auto patience_s = static_cast<int>(std::max<std::int64_t>(1, greeting_ / 1s));
  std::unique_lock lock(handle_mutex);
  handle_lock = &lock;
  dcmExternalSocketHandle.set(socket);
  auto status = ASC_initializeNetwork(NET_ACCEPTOR, 0, patience_s, &network_);
  if (status.good()) {
    ASC_setTransportLayer(network_, &transport_, 0);
    status = ASC_receiveAssociation(network_, &association_, static_cast<long>(pdu), nullptr, nullptr, OFFalse,
                                    DUL_NOBLOCK, patience_s);
  }
  if (lock.owns_lock()) {  // it failed before the connection took the socket over
    ::close(socket);
    return fail(Code::unavailable, "cannot take the connection of {} over: {}", self.address, status.text());
  }
  // That the other end hung up is no error to the library, but then nothing was proposed.
  if (status.bad() || ASC_countPresentationContexts(association_->params) == 0)
    return fail(Code::invalid, "{} connected, but {}", self.address,
                transport_.wire().timed_out ? "did not ask for an association in time"
                                            : fmt::format("asked for no association{}{}", status.bad() ? ": " : "",
                                                          status.bad() ? status.text() : ""));
  const auto& asked = association_->params->DULparams;
  self.calling = AeTitle(std::string(trim(asked.callingAPTitle)));
  self.called = AeTitle(std::string(trim(asked.calledAPTitle)));
  return {};
}

void Acceptor::reject(Refusal r) {
  const auto& row = row_of(r);
  const T_ASC_RejectParameters why{row.result, row.source, row.reason};
  ASC_rejectAssociation(association_, &why);
}

Result<void> Acceptor::accept(Duration patience, bool queries) {
  auto* params = association_->params;
  OFCondition status = EC_Normal;
  const int count = ASC_countPresentationContexts(params);
  for (int i = 0; i < count && status.good(); ++i) {
    T_ASC_PresentationContext proposed;
    status = ASC_getPresentationContext(params, i, &proposed);
    if (status.bad()) break;
    const auto* syntax = choice_of(proposed, queries);
    const auto role = queries && !find_offered(proposed.abstractSyntax) ? proposed.proposedRole : ASC_SC_ROLE_DEFAULT;
    status = syntax ? ASC_acceptPresentationContext(params, proposed.presentationContextID, syntax, role)
                    : ASC_refusePresentationContext(params, proposed.presentationContextID,
                                                    ASC_P_ABSTRACTSYNTAXNOTSUPPORTED);
    if (status == ASC_SCPSCUROLESELECTIONFAILED)
      status = ASC_refusePresentationContext(params, proposed.presentationContextID, ASC_P_NOREASON);
  }
  if (status.good()) status = ASC_acknowledgeAssociation(association_);
  if (status.bad()) return fail(Code::unavailable, "the association could not be accepted: {}", status.text());
  transport_.wire().allow(patience);
  return {};
}

End Acceptor::how_it_ended(const OFCondition& status) {
  if (status == DUL_PEERREQUESTEDRELEASE) {
    ASC_acknowledgeRelease(association_);
    return End::released;
  }
  // DCMTK also speaks of an abort when a wait between two messages has ended.
  const bool timed_out = transport_.wire().timed_out;
  if (status == DUL_PEERABORTEDASSOCIATION && !timed_out) return End::aborted;
  transport_.wire().hurry = true;
  ASC_abortAssociation(association_);
  return timed_out ? End::timed_out : End::lost;
}

Ending Acceptor::converse(const Services& services) {
  Conversation now{services, {*association_, transport_.wire(), services.commitment}, {}};
  while (now.commitments.tell()) {
    const auto received = receive_command(*association_, transport_.wire());
    if (!received.message) {
      now.ending.end = how_it_ended(received.ended);
      return now.ending;
    }
    if (!answer(*received.message, now)) break;
  }
  now.ending.end = how_it_ended(EC_IllegalCall);
  return now.ending;
}

bool Acceptor::answer(const Received& asked, Conversation& now) {
  const auto& command = asked.command;
  T_ASC_PresentationContext negotiated;
  if (ASC_findAcceptedPresentationContext(association_->params, asked.context, &negotiated).bad()) return false;
  const TransferSyntaxUid syntax(negotiated.acceptedTransferSyntax);
  if (command.field == Field::cancel_request) return true;  // it came after the answer that it was meant to stop
  if (command.field == Field::event_response) {
    now.commitments.heard(command);
    return !command.data_set || PdvSource(*association_, transport_.wire(), asked.context).drain();
  }
  const auto* offered = find_offered(negotiated.abstractSyntax);
  if (offered && offered->request == command.field && command.data_set)
    return command.field == Field::action_request ? now.commitments.answer(asked, syntax)
                                                  : answer_inquiry(asked, *offered, syntax, now.services);
  if (command.field == Field::store_request && command.data_set)
    return answer_store(asked, syntax, now.services, now.ending);
  if (command.field != Field::echo_request) return false;
  const Command answer{Field::echo_response, command.message, command.sop_class};
  return send_command(*association_, transport_.wire(), asked.context, answer).has_value();
}

bool Acceptor::answer_inquiry(const Received& asked, const Offered& offered, const TransferSyntaxUid& syntax,
                              const Services& services) {
  const Line line{*association_, transport_.wire(), asked.context, syntax,
                  AeTitle(std::string(trim(association_->params->DULparams.calledAPTitle)))};
  Inquiry inquiry(line, asked.command, offered);
  if (offered.request == Field::find_request) return answer_find(inquiry, services.find);
  if (offered.request == Field::get_request) return answer_get(inquiry, services.collect);
  return answer_move(inquiry, services.locate, services.collect);
}

bool Acceptor::answer_store(const Received& asked, const TransferSyntaxUid& syntax, const Services& services,
                            Ending& ending) {
  const auto& command = asked.command;
  PdvSource dataset(*association_, transport_.wire(), asked.context);
  const auto stored = services.store({command.sop_class, command.instance, syntax}, dataset);
  if (!dataset.drain()) return false;
  ++(stored ? ending.objects : ending.refused);
  Command answer{Field::store_response, command.message, command.sop_class, command.instance};
  if (!stored) answer.refuse(row(stored.error().code).dimse, stored.error().what);
  return send_command(*association_, transport_.wire(), asked.context, answer).has_value();
}

}  // namespace larmor::dimse

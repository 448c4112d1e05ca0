#include "dicom/dimse/requestor.h"

#include <dcmtk/dcmnet/cond.h>

#include <cstring>

namespace larmor::dimse {
namespace {

struct RejectionRow {
  T_ASC_RejectParametersReason reason;
  Code code;
  std::string_view words;
  std::string_view hint;  ///< {} stands for our own title
};

/// PS3.8, table 9-21.
constexpr std::array kRejections = {
    RejectionRow{ASC_REASON_SU_CALLEDAETITLENOTRECOGNIZED, Code::forbidden, "called AE title not recognised",
                 "Ask its administrator for its AE title, and correct the one that Larmor calls it by"},
    RejectionRow{ASC_REASON_SU_CALLINGAETITLENOTRECOGNIZED, Code::forbidden, "calling AE title not recognised",
                 "Ask its administrator to register {}, or let Larmor call itself by a title that is registered there"},
    RejectionRow{ASC_REASON_SU_APPCONTEXTNAMENOTSUPPORTED, Code::unsupported, "application context not supported",
                 "The other end does not speak DICOM as we know it"},
    RejectionRow{ASC_REASON_SP_ACSE_PROTOCOLVERSIONNOTSUPPORTED, Code::unsupported, "protocol version not supported",
                 "The other end does not speak DICOM as we know it"},
    RejectionRow{ASC_REASON_SP_PRES_TEMPORARYCONGESTION, Code::unavailable, "temporary congestion", ""},
    RejectionRow{ASC_REASON_SP_PRES_LOCALLIMITEXCEEDED, Code::unavailable, "it has too many associations open", ""},
};

Error rejected(const Peer& peer, const T_ASC_RejectParameters& why) {
  const auto found = std::find_if(kRejections.begin(), kRejections.end(),
                                  [&](const RejectionRow& r) { return r.reason == why.reason; });
  if (found != kRejections.end())
    return {found->code, fmt::format("association rejected, {}", found->words),
            fmt::format(fmt::runtime(found->hint), peer.calling), ""};
  // A rejection without a reason: most archives say so to an unknown caller.
  const bool passes = why.result == ASC_RESULT_REJECTEDTRANSIENT;
  return {passes ? Code::unavailable : Code::forbidden, "association rejected without a reason",
          fmt::format("Ask its administrator whether {} is registered there as {}", peer.calling, peer.called), ""};
}

/// DCMTK numbers its texts, "0006:031b Failed to establish association"; the cause is behind them.
std::string plain(const OFCondition& status) {
  std::string text = status.text();
  if (const auto cut = text.find("TCP Initialization Error: "); cut != std::string::npos)
    text.erase(0, cut + std::strlen("TCP Initialization Error: "));
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

Error not_connected(const Peer& peer, const OFCondition& status, const Wire& wire) {
  const auto text = plain(status);
  if (text.find("unknown host") != std::string::npos || text.find("Unknown host") != std::string::npos)
    return {Code::unavailable, fmt::format("no machine is known by the name {}", peer.host),
            "Check the spelling and this machine's name service", ""};
  const bool late = wire.timed_out || text.find("imeout") != std::string::npos;
  if (late)
    return {Code::timed_out, "no answer to the request for an association",
            "Check that the port is a DICOM port, and that a firewall lets it through", ""};
  return {Code::unavailable, fmt::format("no connection ({})", text),
          "Check host and port, and that the program there runs", ""};
}

std::string join_secure(const Peer& peer) {
  return fmt::format("{}:{}", peer.host, peer.port);
}

}  // namespace

Requestor::Requestor(const Peer& peer, std::shared_ptr<DcmTransportLayer> tls)
    : peer_(peer), transport_(std::move(tls), peer.connect) {}

Requestor::~Requestor() {
  if (association_) {
    transport_.wire().hurry = true;
    if (transport_.wire().socket >= 0) ASC_abortAssociation(association_);
    ASC_destroyAssociation(&association_);
  }
  if (network_) ASC_dropNetwork(&network_);
}

Result<std::unique_ptr<Requestor>> Requestor::open(const Peer& peer, std::span<const Proposal> proposals) {
  prepare_library();
  std::shared_ptr<DcmTransportLayer> tls;
  if (peer.tls) tls = TRY(tls_layer(*peer.tls, Role::requestor));
  auto requestor = std::unique_ptr<Requestor>(new Requestor(peer, std::move(tls)));
  CHECK_OK(requestor->negotiate(proposals));
  return requestor;
}

Result<void> Requestor::negotiate(std::span<const Proposal> proposals) {
  const auto patience_s = static_cast<int>(std::max<std::int64_t>(1, peer_.connect / 1s));
  T_ASC_Parameters* params = nullptr;
  auto status = ASC_initializeNetwork(NET_REQUESTOR, 0, patience_s, &network_);
  if (status.good()) ASC_setTransportLayer(network_, &transport_, 0);
  if (status.good()) status = ASC_createAssociationParameters(&params, static_cast<long>(peer_.pdu));
  if (status.bad()) return fail(Code::internal, "the network library does not start: {}", status.text());
  ASC_setAPTitles(params, peer_.calling.str().c_str(), peer_.called.str().c_str(), nullptr);
  ASC_setPresentationAddresses(params, "localhost", join_secure(peer_).c_str());
  ASC_setTransportLayerType(params, peer_.tls.has_value());
  for (std::size_t i = 0; i < proposals.size(); ++i) {
    std::vector<const char*> syntaxes;
    for (const auto& t : proposals[i].transfer_syntaxes) syntaxes.push_back(t.c_str());
    ASC_addPresentationContext(params, static_cast<Context>(2 * i + 1), proposals[i].abstract_syntax.c_str(),
                               syntaxes.data(), static_cast<int>(syntaxes.size()),
                               proposals[i].as_scp ? ASC_SC_ROLE_SCP : ASC_SC_ROLE_DEFAULT);
  }
  status = ASC_requestAssociation(network_, params, &association_, nullptr, nullptr, DUL_NOBLOCK, patience_s);
  if (!association_) ASC_destroyAssociationParameters(&params);
  if (status == DUL_ASSOCIATIONREJECTED) {
    T_ASC_RejectParameters why{};
    ASC_getRejectParameters(params, &why);
    return fail_with(rejected(peer_, why));
  }
  if (status.bad()) return fail_with(not_connected(peer_, status, transport_.wire()));
  transport_.wire().allow(peer_.answer);
  for (std::size_t i = 0; i < proposals.size(); ++i) {
    T_ASC_PresentationContext accepted;
    const auto id = static_cast<Context>(2 * i + 1);
    const bool yes =
        ASC_findAcceptedPresentationContext(params, id, &accepted).good() && accepted.resultReason == ASC_P_ACCEPTANCE;
    agreed_.push_back(yes ? Agreed{id, accepted.acceptedTransferSyntax} : Agreed{});
  }
  return {};
}

Result<void> Requestor::send(Context context, const Command& command) {
  return send_command(*association_, transport_.wire(), context, command);
}

Result<void> Requestor::send_data(Context context, ByteSource& source) {
  return dimse::send_data(*association_, transport_.wire(), context, source);
}

bool Requestor::answer_waits(std::chrono::seconds patience) {
  return message_waits(*association_, transport_.wire(), patience);
}

Result<Received> Requestor::receive() {
  auto received = receive_command(*association_, transport_.wire());
  if (received.ended == DUL_PEERABORTEDASSOCIATION)
    return fail(Code::unavailable, "the association was aborted by the other end");
  if (received.ended == DUL_PEERREQUESTEDRELEASE)
    return fail(Code::unavailable, "the association was released by the other end too early");
  return std::move(received.message);
}

void Requestor::release() {
  if (ASC_releaseAssociation(association_).bad()) return;
}

}  // namespace larmor::dimse

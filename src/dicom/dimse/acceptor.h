#pragma once
/// The accepting side of one association, from its request to its end. Internal to dicom/dimse: knows DCMTK.
#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmnet/assoc.h>

#include "dicom/dimse/commit_scp.h"
#include "dicom/dimse/find_scp.h"
#include "dicom/dimse/move_scp.h"
#include "dicom/dimse/scp.h"

namespace larmor::dimse {

enum class Refusal { called_unknown, calling_unknown, too_many };
std::string_view words(Refusal);

/// One thread.
class Acceptor {
 public:
  /// What is done about each message.
  struct Services {
    std::function<Result<void>(const StoreRequest&, ByteSource&)> store;
    Find find;
    Collect collect;
    Locate locate;
    CommitScp::Services commitment;
  };

  Acceptor(std::shared_ptr<DcmTransportLayer> tls, Duration greeting);
  ~Acceptor();
  Acceptor(const Acceptor&) = delete;
  Acceptor& operator=(const Acceptor&) = delete;

  /// Takes the socket over and reads the request; fills the titles in.
  Result<void> receive(int socket, std::uint32_t pdu, Association&);
  void reject(Refusal);
  /// `queries`: whether more than verification and storage is offered.
  Result<void> accept(Duration patience, bool queries);
  /// Answers messages until the association ends.
  Ending converse(const Services&);

 private:
  struct Conversation {
    const Services& services;
    CommitScp commitments;
    Ending ending;
  };
  /// False when the conversation cannot go on, this and the next two.
  bool answer(const Received&, Conversation&);
  bool answer_store(const Received&, const TransferSyntaxUid&, const Services&, Ending&);
  bool answer_inquiry(const Received&, const Offered&, const TransferSyntaxUid&, const Services&);
  End how_it_ended(const OFCondition&);

  Transport transport_;
  Duration greeting_;
  T_ASC_Network* network_ = nullptr;
  T_ASC_Association* association_ = nullptr;
};

}  // namespace larmor::dimse

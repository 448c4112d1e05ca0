#pragma once
/// The calling side of one association, and what DCMTK's conditions mean for a person. Internal to dicom/dimse.
#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmnet/assoc.h>

#include <span>

#include "dicom/dimse/exchange.h"
#include "dicom/dimse/peer.h"

namespace larmor::dimse {

struct Proposal {
  std::string abstract_syntax;
  std::vector<std::string> transfer_syntaxes;  ///< in order of preference
  bool as_scp = false;                         ///< our role (PS3.7 D.3.3.4)
};

/// What the peer accepted of a proposal.
struct Agreed {
  Context context = 0;  ///< 0: refused
  std::string transfer_syntax;
};

/// One thread.
class Requestor {
 public:
  static constexpr std::size_t kMostProposals = 128;  ///< PS3.8, 7.1.1.13: odd numbers from 1 to 255

  /// The association stands when it returns; some proposals may have been refused.
  static Result<std::unique_ptr<Requestor>> open(const Peer&, std::span<const Proposal>);
  ~Requestor();  ///< aborts unless released
  Requestor(const Requestor&) = delete;
  Requestor& operator=(const Requestor&) = delete;

  const Agreed& agreed(std::size_t proposal) const { return agreed_[proposal]; }
  Result<void> send(Context, const Command&);
  Result<void> send_data(Context, ByteSource&);
  /// Has an answer begun to come? Waits that long, in whole seconds.
  bool answer_waits(std::chrono::seconds);
  /// The answer to the message that was sent last.
  Result<Received> receive();
  PdvSource data(Context context) { return {*association_, transport_.wire(), context}; }
  std::uint16_t next_message() { return ++message_; }
  void release();

 private:
  explicit Requestor(const Peer& peer, std::shared_ptr<DcmTransportLayer> tls);
  Result<void> negotiate(std::span<const Proposal>);

  Peer peer_;
  Transport transport_;
  T_ASC_Network* network_ = nullptr;
  T_ASC_Association* association_ = nullptr;
  std::vector<Agreed> agreed_;
  std::uint16_t message_ = 0;
};

}  // namespace larmor::dimse

#pragma once
/// The accepting side of one association, from its request to its end. Internal to dicom/dimse: knows DCMTK.
#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmnet/assoc.h>

#include "dicom/dimse/exchange.h"
#include "dicom/dimse/scp.h"

namespace larmor::dimse {

enum class Refusal { called_unknown, calling_unknown, too_many };
std::string_view words(Refusal);

/// One thread.
class Acceptor {
 public:
  using Store = std::function<Result<void>(const StoreRequest&, ByteSource&)>;

  Acceptor(std::shared_ptr<DcmTransportLayer> tls, Duration greeting);
  ~Acceptor();
  Acceptor(const Acceptor&) = delete;
  Acceptor& operator=(const Acceptor&) = delete;

  /// Takes the socket over and reads the request; fills the titles in.
  Result<void> receive(int socket, std::uint32_t pdu, Association&);
  void reject(Refusal);
  Result<void> accept(Duration patience);
  /// Answers messages until the association ends.
  Ending converse(const Store&);

 private:
  /// False when the conversation cannot go on.
  bool answer(const Received&, const Store&, Ending&);
  End how_it_ended(const OFCondition&);

  Transport transport_;
  Duration greeting_;
  T_ASC_Network* network_ = nullptr;
  T_ASC_Association* association_ = nullptr;
};

}  // namespace larmor::dimse

#pragma once
/// The socket under an association, tuned so that no object waits for the network's timers. Internal to dicom/dimse.
///
/// DCMTK writes the head and the body of a PDU apart, and most senders leave Nagle's algorithm on: together with the
/// receiver's delayed acknowledgement each object would cost 40 ms. Here every PDU leaves in one write, TCP_NODELAY is
/// set, and TCP_QUICKACK is set again after every read (the kernel forgets it). Reads are buffered: one system call
/// brings many small PDUs. Threads: one association, one thread.
#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmnet/dcmlayer.h>
#include <dcmtk/dcmnet/dcmtrans.h>

#include <functional>
#include <memory>

#include "base/clock.h"
#include "dicom/dimse/peer.h"

namespace larmor::dimse {

/// What the association's owner may ask about its socket, also after DCMTK has closed it.
struct Wire {
  int socket = -1;         ///< -1 when closed
  bool timed_out = false;  ///< the last read or write waited longer than allowed
  bool hurry = false;      ///< we have said goodbye: wait a second at most for the other end to hang up
  /// How long a single read or write may wait from now on.
  void allow(Duration);
};

/// Makes the connection for exactly one association.
class Transport final : public DcmTransportLayer {
 public:
  /// `secure` makes the TLS connection beneath; none for plain TCP. `created` is called once the connection exists.
  Transport(std::shared_ptr<DcmTransportLayer> secure, Duration patience, std::function<void()> created = {});
  DcmTransportConnection* createConnection(DcmNativeSocketType socket, OFBool use_tls) override;
  Wire& wire() { return *wire_; }

 private:
  std::shared_ptr<DcmTransportLayer> secure_;
  Duration patience_;
  std::function<void()> created_;
  std::shared_ptr<Wire> wire_ = std::make_shared<Wire>();
};

enum class Role { acceptor, requestor };
/// A TLS layer, for any number of connections. `invalid` names the file that does not serve.
Result<std::shared_ptr<DcmTransportLayer>> tls_layer(const TlsFiles&, Role);

/// Once per process before the first association: no reverse DNS, no chatter of the library on standard error.
void prepare_library();

}  // namespace larmor::dimse

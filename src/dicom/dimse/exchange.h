#pragma once
/// Messages over an association that stands: commands and data sets as fragments of P-DATA. Internal to dicom/dimse.
///
/// Uses DCMTK's upper layer (PS3.8) directly, so that data sets pass through as bytes, unparsed and uncopied but once.
#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmnet/assoc.h>

#include "base/bytes.h"
#include "dicom/dimse/command.h"
#include "dicom/dimse/transport.h"

namespace larmor::dimse {

using Context = unsigned char;  ///< presentation context ID

/// The data set of one message as it arrives. Lives as long as the message.
class PdvSource final : public ByteSource {
 public:
  PdvSource(T_ASC_Association& association, const Wire& wire, Context context)
      : association_(association), wire_(wire), context_(context) {}

  Result<std::size_t> read(MutableBytes into) override;
  /// Reads the rest and forgets it; false when the association broke on the way.
  bool drain();

 private:
  Result<void> next();

  T_ASC_Association& association_;
  const Wire& wire_;
  Context context_;
  Bytes left_;
  bool last_ = false;
  bool broken_ = false;
};

struct Received {
  Command command;
  Context context = 0;
};

/// The next command; `ended` tells what DCMTK said when there is none (release, abort, broken).
struct Reception {
  Result<Received> message;
  OFCondition ended = EC_Normal;
};
Reception receive_command(T_ASC_Association&, const Wire&);

/// Has a message begun to come? Waits that long, in whole seconds; that nothing came is no time-out of the wire.
bool message_waits(T_ASC_Association&, Wire&, std::chrono::seconds);

Result<void> send_command(T_ASC_Association&, const Wire&, Context, const Command&);
/// Everything that `source` has, as the data set. An error of the source leaves the association in mid-message: abort
/// it.
Result<void> send_data(T_ASC_Association&, const Wire&, Context, ByteSource& source);

}  // namespace larmor::dimse

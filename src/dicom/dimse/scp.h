#pragma once
/// Takes associations in: C-ECHO; C-STORE of anything in any transfer syntax, handed up as the bytes that arrive;
/// C-FIND, C-MOVE and C-GET by the models of the patient and the study root; storage commitment.
///
/// Nothing of a data set is parsed here: what storage keeps is what the sender sent. Owns: the listening socket, one
/// thread per association. Bounds: `associations` at a time (the next is rejected as transient), `patience` for each
/// read, `pdu`. Threads: a handler's methods are called from the associations' threads, at the same time for different
/// associations. Failures: `unavailable` (port taken), `invalid` (TLS files, address).
#include <memory>

#include "base/bytes.h"
#include "base/call.h"
#include "dicom/dimse/commitment.h"
#include "dicom/dimse/scu.h"
#include "dicom/query/query.h"

namespace larmor::dimse {

struct ScpOptions {
  std::string address = "0.0.0.0";
  std::uint16_t port = 11112;  ///< 0: any free one, see Scp::port()
  AeTitle title{"LARMOR"};
  bool any_called = false;               ///< true: whatever title the caller used for us
  std::vector<AeTitle> allowed_calling;  ///< empty: everybody
  int associations = 64;
  std::uint32_t pdu = 131072;  ///< 4096 to 131072
  Duration patience = 60s;     ///< for the next message, and for each piece of one
  Duration greeting = 10s;     ///< for the request of an association, after the connection was made
  std::optional<TlsFiles> tls;
  std::string id_prefix;  ///< of the associations' ids, unique per process; empty: a random one
};

struct Association {
  std::string id;  ///< unique for ever
  AeTitle calling, called;
  std::string address;  ///< of the caller
};

struct StoreRequest {
  SopClassUid sop_class;
  SopUid instance;
  TransferSyntaxUid transfer_syntax;
};

enum class End { released, aborted, timed_out, lost };
std::string_view name(End);

struct Ending {
  End end = End::released;
  std::int64_t objects = 0, refused = 0;
  Duration lasted{0};
};

class ScpHandler {
 public:
  virtual ~ScpHandler() = default;
  virtual void opened(const Association&) = 0;
  /// What is left unread of `dataset` is drained. An Error becomes the status and the comment of the answer (PS3.7,
  /// C.4).
  virtual Result<void> store(const Association&, const StoreRequest&, ByteSource& dataset) = 0;
  /// Whether more than verification and storage is offered to callers.
  virtual bool answers_queries() const { return false; }
  /// A page of what matches the question of a C-FIND; asked again with `next` until there is none.
  virtual Result<dicom::FoundPage> find(const Association&, const dicom::Query&) {
    return fail(Code::unsupported, "queries are not answered here");
  }
  /// What a C-MOVE or C-GET asks for, by its keys at any level, as it is now.
  virtual Result<std::unique_ptr<Objects>> collect(const Association&, const dicom::Query&) {
    return fail(Code::unsupported, "retrievals are not answered here");
  }
  /// Where a C-MOVE sends to. `not_found`: nobody is known by that title.
  virtual Result<Peer> locate(const Association&, const AeTitle& destination) {
    return fail(Code::not_found, "there is no destination {}", destination);
  }
  /// Takes a request for storage commitment on: success promises a report.
  virtual Result<void> commit(const Association&, const Commitment&) {
    return fail(Code::unsupported, "storage commitment is not answered here");
  }
  /// What can be said of it now; on an Error nothing is said over this association.
  virtual Result<CommitmentReport> judge(const Association&, const Commitment&) {
    return fail(Code::unsupported, "storage commitment is not answered here");
  }
  /// The caller has heard the report. What it has not when `closed` is called, is to be told it over another
  /// association.
  virtual void told(const Association&, const CommitmentReport&) {}
  virtual void closed(const Association&, const Ending&) = 0;
  /// The association was not accepted.
  virtual void rejected(const Association&, std::string_view reason) = 0;
};

class Scp {
 public:
  /// Listens when it returns. The handler must outlive the Scp.
  static Result<std::unique_ptr<Scp>> listen(const ScpOptions&, ScpHandler&);
  virtual ~Scp() = default;  ///< stops listening, cuts what is still open, waits for the threads
  virtual std::uint16_t port() const = 0;
};

}  // namespace larmor::dimse

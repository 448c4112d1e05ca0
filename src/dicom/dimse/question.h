#pragma once
/// A query or a retrieval that has been asked over an association of its own; its answers are still to come. Internal
/// to dicom/dimse.
#include "dicom/dimse/identifier.h"
#include "dicom/dimse/requestor.h"

namespace larmor::dimse {

/// What is asked of a peer.
struct Service {
  std::string_view sop_class;
  Field request;
  std::string_view name, verb;  ///< "queries (C-FIND)", "query"
};

struct Question {
  std::unique_ptr<Requestor> line;
  std::uint16_t message = 0;

  const Agreed& agreed() const { return line->agreed(0); }
};

/// `destination` is that of a C-MOVE. `unsupported` where the peer does not offer the service.
Result<Question> ask(const Peer&, const Service&, Level, const Row& keys, const AeTitle& destination = {});

}  // namespace larmor::dimse

#pragma once
/// How far a C-MOVE or a C-GET has come, and what its answers say of it (PS3.4 C.4.2.1 and C.4.3.1). Internal to
/// dicom/dimse.
#include <set>

#include "dicom/dimse/inquiry.h"
#include "dicom/dimse/scu.h"

namespace larmor::dimse {

/// What a retrieval asks for, by its keys at any level.
using Collect = std::function<Result<std::vector<Outgoing>>(const dicom::Query&)>;

/// `invalid` unless the question names a patient, a study, a series or an instance.
Result<std::vector<Outgoing>> collect_for(const Asked&, const Collect&);

class Retrieval {
 public:
  Retrieval(Inquiry&, std::span<const Outgoing>);

  /// Before each object: the caller hears how it goes, once a second. False when the caller has enough or is gone.
  bool go_on(const Delivery& so_far, const Outgoing& next);
  /// The counts, the status that they mean, and the list of what failed. An Error other than `cancelled` means that
  /// what had not been sent by then has failed.
  LastWord ended(const Result<Delivery>&) const;

 private:
  Command counted(std::uint16_t status, std::size_t completed, std::size_t failed) const;
  LastWord last(Command, std::span<const SopUid> failed) const;

  Inquiry& inquiry_;
  std::set<SopUid> left_;       ///< not sent, for all that is known
  std::vector<SopUid> failed_;  ///< of what was tried
  SopUid current_;
  std::size_t total_, sent_ = 0;
  std::chrono::steady_clock::time_point told_ = std::chrono::steady_clock::now();
};

}  // namespace larmor::dimse

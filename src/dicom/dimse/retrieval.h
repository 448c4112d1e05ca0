#pragma once
/// How far a C-MOVE or a C-GET has come, and what its answers say of it (PS3.4 C.4.2.1 and C.4.3.1). Internal to
/// dicom/dimse.
#include "dicom/dimse/inquiry.h"
#include "dicom/dimse/scu.h"

namespace larmor::dimse {

/// What a retrieval asks for, by its keys at any level.
using Collect = std::function<Result<std::unique_ptr<Objects>>(const dicom::Query&)>;

/// `invalid` unless the question names a patient, a study, a series or an instance.
Result<std::unique_ptr<Objects>> collect_for(const Asked&, const Collect&);

class Retrieval {
 public:
  Retrieval(Inquiry& inquiry, Objects& objects) : inquiry_(inquiry), objects_(objects), sent_(objects.size()) {}

  /// Before the object that was given last is sent: the caller hears how it goes, once a second. False when the caller
  /// has enough or is gone.
  bool go_on(const Delivery& so_far);
  /// The counts, the status that they mean, and the list of what failed. An Error other than `cancelled` means that
  /// what had not been sent by then has failed.
  LastWord ended(const Result<Delivery>&);

 private:
  Command counted(std::uint16_t status, std::size_t completed, std::size_t failed) const;
  LastWord last(Command, std::span<const SopUid> failed) const;
  std::vector<SopUid> not_sent();

  Inquiry& inquiry_;
  Objects& objects_;
  std::vector<bool> sent_;      ///< by their place among `objects_`, for all that is known
  std::vector<SopUid> failed_;  ///< of what was tried
  std::size_t current_ = 0;     ///< its place, from 1
  std::size_t completed_ = 0;
  std::chrono::steady_clock::time_point told_ = std::chrono::steady_clock::now();
};

}  // namespace larmor::dimse

#pragma once
/// Storage commitment on an association that a caller opened: N-ACTION takes the question, N-EVENT-REPORT tells over
/// the same association while it stands (PS3.4 J.3). Internal to dicom/dimse.
#include <functional>
#include <map>
#include <vector>

#include "dicom/dimse/commitment.h"
#include "dicom/dimse/exchange.h"

namespace larmor::dimse {

/// The message of a report, and its data set.
struct ReportMessage {
  Command command;
  std::string data_set;
};
Result<ReportMessage> report_message(const CommitmentReport&, std::uint16_t number, const TransferSyntaxUid&);

/// One thread.
class CommitScp {
 public:
  struct Services {
    std::function<Result<void>(const Commitment&)> take;  ///< success: it will be told, if not here, then later
    std::function<Result<CommitmentReport>(const Commitment&)> judge;
    std::function<void(const CommitmentReport&)> told;
  };
  CommitScp(T_ASC_Association& association, Wire& wire, const Services& services)
      : association_(association), wire_(wire), services_(services) {}

  /// Answers an N-ACTION. False when the conversation cannot go on.
  bool answer(const Received&, const TransferSyntaxUid&);
  /// Tells what is due as soon as the caller has been silent for a second: most callers hang up at once, and are told
  /// over an association of our own. False when the conversation cannot go on.
  bool tell();
  /// The caller has heard a report.
  void heard(const Command&);

 private:
  struct Due {
    Context context;
    TransferSyntaxUid syntax;
    Commitment commitment;
  };
  Result<void> take(const Command&, Result<std::string> data_set, Due&);

  T_ASC_Association& association_;
  Wire& wire_;
  const Services& services_;
  std::vector<Due> due_;
  std::map<std::uint16_t, CommitmentReport> unanswered_;  ///< by message
  std::uint16_t message_ = 0;
};

}  // namespace larmor::dimse

#pragma once
/// Answers one C-FIND, page by page, until everything was said or the caller has enough. Internal to dicom/dimse.
#include "dicom/dimse/exchange.h"
#include "dicom/query/query.h"

namespace larmor::dimse {

constexpr std::string_view kPatientRootFind = "1.2.840.10008.5.1.4.1.2.1.1",
                           kStudyRootFind = "1.2.840.10008.5.1.4.1.2.2.1";

using Find = std::function<Result<dicom::FoundPage>(const dicom::Query&)>;

/// Where the question came in, and how its answers go out.
struct FindLine {
  T_ASC_Association& association;
  const Wire& wire;
  Context context;
  TransferSyntaxUid transfer_syntax;
  AeTitle title;  ///< ours
};

/// False when the conversation cannot go on. The final status is sent here (PS3.4 C.4.1.1.4).
bool answer_find(const FindLine&, const Command& request, const Find&);

}  // namespace larmor::dimse

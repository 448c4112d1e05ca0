#pragma once
/// Answers one C-MOVE: the objects go out over an association of their own, and the caller hears how it goes. Internal
/// to dicom/dimse.
#include "dicom/dimse/find_scp.h"
#include "dicom/dimse/scp.h"

namespace larmor::dimse {

constexpr std::string_view kPatientRootMove = "1.2.840.10008.5.1.4.1.2.1.2",
                           kStudyRootMove = "1.2.840.10008.5.1.4.1.2.2.2";

using Retrieve = std::function<Result<Retrieval>(const dicom::Query&, const AeTitle& destination)>;

/// False when the conversation cannot go on. The final status is sent here (PS3.4 C.4.2.1.5).
bool answer_move(const FindLine&, const Command& request, const Retrieve&);

}  // namespace larmor::dimse

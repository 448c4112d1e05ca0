#pragma once
/// Answers one C-MOVE: the objects go out over an association of their own, and the caller hears how it goes. Internal
/// to dicom/dimse.
#include "dicom/dimse/retrieval.h"

namespace larmor::dimse {

/// The address of an AE title; `not_found` where there is none.
using Locate = std::function<Result<Peer>(const AeTitle&)>;

/// False when the conversation cannot go on. The final status is sent here (PS3.4 C.4.2.1.5).
bool answer_move(Inquiry&, const Locate&, const Collect&);

}  // namespace larmor::dimse

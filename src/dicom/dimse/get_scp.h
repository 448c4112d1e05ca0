#pragma once
/// Answers one C-GET: the objects go out over the association on which they were asked for (PS3.4 C.4.3). Internal to
/// dicom/dimse.
#include "dicom/dimse/retrieval.h"

namespace larmor::dimse {

/// False when the conversation cannot go on. The final status is sent here (PS3.4 C.4.3.1.4).
bool answer_get(Inquiry&, const Collect&);

}  // namespace larmor::dimse

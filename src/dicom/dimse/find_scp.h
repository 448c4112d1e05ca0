#pragma once
/// Answers one C-FIND, page by page, until everything was said or the caller has enough. Internal to dicom/dimse.
#include "dicom/dimse/inquiry.h"

namespace larmor::dimse {

using Find = std::function<Result<dicom::FoundPage>(const dicom::Query&)>;

/// False when the conversation cannot go on. The final status is sent here (PS3.4 C.4.1.1.4).
bool answer_find(Inquiry&, const Find&);

}  // namespace larmor::dimse

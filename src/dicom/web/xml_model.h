#pragma once
/// The Native DICOM Model (PS3.19 annex A.1), one object as XML, becomes the JSON model. Pure.
#include <string>

#include "base/json.h"

namespace larmor::dicom {

/// Values stay text, which json_model.h takes for numbers as well. `corrupt` says what is no such document.
Result<Json> json_of_xml(const std::string&);

}  // namespace larmor::dicom

#pragma once
/// Attribute sets as the Native DICOM Model (PS3.19 A.1), for callers who want XML. Pure.
#include "base/json.h"

namespace larmor::dicom {

/// One document of an attribute set in DICOM JSON.
std::string native_xml(const Json& set);

}  // namespace larmor::dicom

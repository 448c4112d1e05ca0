#pragma once
/// Attribute sets as the DICOM JSON model (PS3.18 F.2), one element at a time. Pure.
#include "base/json.h"
#include "dicom/query/attributes.h"

namespace larmor::dicom {

/// `value` in UTF-8, several joined by a backslash: numbers for IS and US, components for PN, strings otherwise. An
/// empty value is an element without one.
Json element(std::string_view vr, std::string_view value);
/// The same as text, behind what is there; what is no UTF-8 becomes U+FFFD. For answers of many sets: making values of
/// each takes longer than finding them.
void append_element(std::string& out, std::string_view vr, std::string_view value);
/// The values again as text, joined by backslashes.
std::string text_of(const Json& element);

}  // namespace larmor::dicom

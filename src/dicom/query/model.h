#pragma once
/// Attribute sets as the DICOM JSON model (PS3.18 F.2), one element at a time. Pure.
#include "base/json.h"
#include "dicom/query/attributes.h"

namespace larmor::dicom {

/// The key of the next attribute of a set, behind its "{" and what is there.
void append_key(std::string& set, Tag);
/// `value`, several joined by a backslash: numbers for IS and US, components for PN, strings otherwise; what is no
/// UTF-8 becomes U+FFFD. An empty value is an element without one. As text, since making values of each attribute of
/// many sets takes longer than finding them.
void append_element(std::string& out, std::string_view vr, std::string_view value);
/// The values again as text, joined by backslashes.
std::string text_of(const Json& element);

}  // namespace larmor::dicom

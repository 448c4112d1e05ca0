#pragma once
/// Pieces of JSON text, appended to what is there already.
#include <string>
#include <string_view>

#include "dicom/data/number.h"

namespace larmor::dicom {

/// A string with its quotes (RFC 8259 section 7).
void append_quoted(std::string& out, std::string_view text);
/// Eight digits.
void append_hex(std::string& out, std::uint32_t);

/// The number that a DS or IS says; false where it says none.
template <class Number>
bool append_number(std::string& out, std::string_view text) {
  const auto value = number_of<Number>(text);
  if (!value) return false;
  fmt::format_to(std::back_inserter(out), "{}", *value);
  return true;
}

}  // namespace larmor::dicom

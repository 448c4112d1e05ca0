#pragma once
/// Numbers that are written as text: DS and IS (PS3.5 table 6.2-1).
#include "base/number.h"
#include "base/text.h"

namespace larmor::dicom {

/// One value, with the blanks around it and the sign that it may have; nothing where it is no number of that type.
template <class Number>
std::optional<Number> number_of(std::string_view value) {
  value = trim(value);
  if (value.starts_with('+') && !value.starts_with("+-")) value.remove_prefix(1);
  return to_number<Number>(value);
}

}  // namespace larmor::dicom

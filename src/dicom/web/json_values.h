#pragma once
/// The value of one element of the DICOM JSON model as bytes (PS3.18 F.2, PS3.5 section 6.2). Pure.
#include <string>

#include "base/json.h"
#include "dicom/data/vr.h"

namespace larmor::dicom {

/// Of an element with a `Value`, an `InlineBinary`, or neither; not of a sequence. Text is UTF-8. Of an even length.
/// `invalid` says what is wrong with it.
Result<std::string> value_bytes(const Vr&, const Json& element);

/// What stands before a value: tag, representation and length in Explicit VR Little Endian.
std::string element_head(Tag, const Vr&, std::uint32_t length);

/// Pads a value of that representation with a blank, others than text with a zero.
char padding_of(const Vr&);

template <class Number>
void append_little_endian(std::string& out, Number value) {
  for (std::size_t i = 0; i < sizeof value; ++i) out += static_cast<char>(value >> (8 * i) & 0xFF);
}

}  // namespace larmor::dicom

#pragma once
/// UIDs that are a function of what they name: the same parts give the same UID on every machine and in every run.
#include <initializer_list>
#include <string>
#include <string_view>

namespace larmor::dicom {

/// "2.25." and a number of 128 bits (PS3.5 B.2): the SHA-256 of the parts in the form of a UUID. At most 44 characters.
std::string uid_from(std::initializer_list<std::string_view> parts);

/// The SHA-256 of some bytes as 64 hexadecimal digits.
std::string sha256_hex(std::string_view bytes);

}  // namespace larmor::dicom

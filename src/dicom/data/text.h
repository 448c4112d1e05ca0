#pragma once
/// DICOM text in any character set, as UTF-8 for the index and the screen. The stored bytes are never touched.
///
/// Threads: may be called from any thread; each keeps the converter of the set that it saw last.
/// Failures: none. What the declared set (0008,0005) cannot explain is taken as UTF-8 if it is that, as Latin-1
/// otherwise: a wrong letter on the screen is better than a refused image.
#include <string>
#include <string_view>

namespace larmor::dicom {

/// `charset`: the value of (0008,0005), possibly with backslashes; `person`: the value is a PN, whose components each
/// start in the first set again (PS3.5 section 6.1.2.5.3).
std::string to_utf8(std::string_view value, std::string_view charset, bool person = false);

bool is_utf8(std::string_view);

}  // namespace larmor::dicom

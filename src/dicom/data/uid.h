#pragma once
/// What may be a unique identifier (PS3.5 section 9.1). Pure.
#include <string_view>

namespace larmor::dicom {

/// 1 to 64 printable characters that neither leave a directory nor are wildcards: letters occur in the wild, and are
/// kept.
bool is_uid(std::string_view);

}  // namespace larmor::dicom

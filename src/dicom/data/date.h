#pragma once
/// DICOM's dates as days. Pure.
#include <chrono>
#include <optional>
#include <string_view>

namespace larmor::dicom {

/// DA (PS3.5 6.2), YYYYMMDD; nothing where it is no date.
std::optional<std::chrono::sys_days> day_of(std::string_view date);

}  // namespace larmor::dicom

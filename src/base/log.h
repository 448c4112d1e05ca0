#pragma once
/// One structured line per unit of work on standard error (JSON with --log json); prose only for start, stop and
/// operators. Thread safe. Patient data cannot get here: Phi has no formatter and no conversion to JSON.
#include <fmt/format.h>

#include <string_view>

#include "base/error.h"

namespace larmor::log {

enum class Format { prose, json };
void set_format(Format);

void line(Severity, std::string_view service, std::string_view text);

template <class... Args>
void note(std::string_view service, fmt::format_string<Args...> text, Args&&... args) {
  line(Severity::notice, service, fmt::format(text, std::forward<Args>(args)...));
}
template <class... Args>
void warn(std::string_view service, fmt::format_string<Args...> text, Args&&... args) {
  line(Severity::warning, service, fmt::format(text, std::forward<Args>(args)...));
}
template <class... Args>
void alarm(std::string_view service, fmt::format_string<Args...> text, Args&&... args) {
  line(Severity::error, service, fmt::format(text, std::forward<Args>(args)...));
}

}  // namespace larmor::log

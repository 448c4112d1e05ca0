#include "base/log.h"

#include <atomic>
#include <cstdio>

#include "base/json.h"

namespace larmor::log {
namespace {

std::atomic<Format> format{Format::prose};

std::string_view word(Severity s) {
  switch (s) {
    case Severity::notice:
      return "note";
    case Severity::warning:
      return "warn";
    case Severity::error:
      return "error";
  }
  return "error";
}

}  // namespace

void set_format(Format f) {
  format = f;
}

void line(Severity severity, std::string_view service, std::string_view text) {
  const auto now = to_rfc3339(system_clock().now());
  const auto out = format == Format::json
                       ? Json{{"at", now}, {"severity", word(severity)}, {"service", service}, {"text", text}}.dump(
                             -1, ' ', false, Json::error_handler_t::replace) +
                             "\n"
                       : fmt::format("{} {:<5} {:<10} {}\n", now, word(severity), service, text);
  std::fwrite(out.data(), 1, out.size(), stderr);  // one write: lines of several threads do not mix
}

}  // namespace larmor::log

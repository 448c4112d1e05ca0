#include "base/error.h"

#include <array>
#include <cstddef>

namespace larmor {
namespace {

constexpr std::array kRows = {
    CodeRow{Code::invalid, "invalid", 422, 0xA900, false, Severity::warning},
    CodeRow{Code::unsupported, "unsupported", 501, 0x0122, false, Severity::warning},
    CodeRow{Code::not_found, "not_found", 404, 0x0112, false, Severity::notice},
    CodeRow{Code::conflict, "conflict", 409, 0x0111, false, Severity::warning},
    CodeRow{Code::precondition, "precondition", 412, 0x0110, false, Severity::notice},
    CodeRow{Code::unauthenticated, "unauthenticated", 401, 0x0124, false, Severity::warning},
    CodeRow{Code::forbidden, "forbidden", 403, 0x0124, false, Severity::warning},
    CodeRow{Code::too_large, "too_large", 413, 0xA700, false, Severity::warning},
    CodeRow{Code::out_of_space, "out_of_space", 507, 0xA700, true, Severity::error},
    CodeRow{Code::unavailable, "unavailable", 503, 0xA700, true, Severity::warning},
    CodeRow{Code::timed_out, "timed_out", 504, 0xA700, true, Severity::warning},
    CodeRow{Code::cancelled, "cancelled", 409, 0xFE00, false, Severity::notice},
    CodeRow{Code::corrupt, "corrupt", 422, 0xC000, false, Severity::error},
    CodeRow{Code::internal, "internal", 500, 0x0110, true, Severity::error},
};

constexpr bool in_order() {
  for (std::size_t i = 0; i < kRows.size(); ++i)
    if (static_cast<std::size_t>(kRows[i].code) != i) return false;
  return true;
}
static_assert(in_order(), "row() indexes the table by code");

}  // namespace

const CodeRow& row(Code code) {
  return kRows[static_cast<std::size_t>(code)];
}

Code code_from_name(std::string_view name) {
  for (const auto& r : kRows)
    if (r.name == name) return r.code;
  return Code::internal;
}

std::string to_string(const Error& e) {
  auto text = e.what;
  if (!e.hint.empty()) text += (text.empty() || text.back() == '.' ? " " : ". ") + e.hint;
  return text;
}

}  // namespace larmor

#include "dicom/data/date.h"

#include <charconv>

namespace larmor::dicom {
namespace {

std::optional<unsigned> number(std::string_view digits) {
  unsigned value = 0;
  const auto end = digits.data() + digits.size();
  const auto [stopped, error] = std::from_chars(digits.data(), end, value);
  if (error != std::errc() || stopped != end) return std::nullopt;
  return value;
}

}  // namespace

std::optional<std::chrono::sys_days> day_of(std::string_view date) {
  if (date.size() != 8) return std::nullopt;
  const auto y = number(date.substr(0, 4)), m = number(date.substr(4, 2)), d = number(date.substr(6));
  if (!y || !m || !d) return std::nullopt;
  const std::chrono::year_month_day day{std::chrono::year{int(*y)}, std::chrono::month{*m}, std::chrono::day{*d}};
  if (!day.ok()) return std::nullopt;
  return std::chrono::sys_days{day};
}

}  // namespace larmor::dicom

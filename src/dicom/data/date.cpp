#include "dicom/data/date.h"

#include "base/number.h"

namespace larmor::dicom {

std::optional<std::chrono::sys_days> day_of(std::string_view date) {
  if (date.size() != 8) return std::nullopt;
  const auto y = to_number<unsigned>(date.substr(0, 4)), m = to_number<unsigned>(date.substr(4, 2)),
             d = to_number<unsigned>(date.substr(6));
  if (!y || !m || !d) return std::nullopt;
  const std::chrono::year_month_day day{std::chrono::year{int(*y)}, std::chrono::month{*m}, std::chrono::day{*d}};
  if (!day.ok()) return std::nullopt;
  return std::chrono::sys_days{day};
}

}  // namespace larmor::dicom

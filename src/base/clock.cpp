#include "base/clock.h"

#include <cmath>
#include <cstdio>
#include <ctime>

namespace larmor {
namespace {

class SystemClock final : public Clock {
 public:
  Time now() const override { return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now()); }
};

}  // namespace

const Clock& system_clock() {
  static const SystemClock clock;
  return clock;
}

std::string to_rfc3339(Time t) {
  const auto whole = std::chrono::floor<std::chrono::seconds>(t);
  const std::time_t stamp = whole.time_since_epoch().count();
  std::tm utc{};
  gmtime_r(&stamp, &utc);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}Z", utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday,
                     utc.tm_hour, utc.tm_min, utc.tm_sec, (t - whole).count());
}

Result<Time> from_rfc3339(std::string_view text) {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, used = 0;
  double second = 0;
  const std::string copy(text);
  if (std::sscanf(copy.c_str(), "%4d-%2d-%2dT%2d:%2d:%lf%n", &year, &month, &day, &hour, &minute, &second, &used) !=
          6 ||
      copy.substr(static_cast<std::size_t>(used)) != "Z" || second < 0 || second >= 61)
    return fail(Code::invalid, "'{}' is not a time in UTC such as 2026-11-24T02:16:03.120000Z", copy);
  const auto date = std::chrono::year{year} / month / day;
  if (!date.ok() || hour > 23 || minute > 59) return fail(Code::invalid, "'{}' names no real day or hour", copy);
  return Time(std::chrono::sys_days(date)) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
         std::chrono::microseconds(std::llround(second * 1e6));
}

}  // namespace larmor

#include "services/import/adapters/archive.h"

#include "base/number.h"
#include "base/text.h"

namespace larmor::importing {
namespace {

constexpr std::size_t kMostSeries = 10'000;
constexpr std::size_t kMostInstances = 1'000'000;

}  // namespace

Result<ArchiveCount> count_instances(const dimse::Peer& archive, const StudyUid& study) {
  using dimse::Level;
  const auto rows = TRY(dimse::find(
      archive, Level::series,
      {{"StudyInstanceUID", study.str()}, {"SeriesInstanceUID", ""}, {"NumberOfSeriesRelatedInstances", ""}},
      kMostSeries));
  ArchiveCount count;
  for (const auto& row : rows) {
    const auto uid = row.find("SeriesInstanceUID"), told = row.find("NumberOfSeriesRelatedInstances");
    if (uid == row.end() || uid->second.empty()) continue;
    auto instances = told == row.end() ? 0 : to_number<std::int64_t>(trim(told->second)).value_or(0);
    if (instances == 0)
      instances = static_cast<std::int64_t>(
          TRY(dimse::find(
                  archive, Level::image,
                  {{"StudyInstanceUID", study.str()}, {"SeriesInstanceUID", uid->second}, {"SOPInstanceUID", ""}},
                  kMostInstances))
              .size());
    count.series[SeriesUid(uid->second)] = instances;
  }
  if (count.series.empty()) return fail(Code::not_found, "{} does not know the study {}", words(archive), study);
  return count;
}

}  // namespace larmor::importing

#include "services/storage/rest/resources.h"

namespace larmor::storage {

Result<std::vector<InstanceRow>> rows_of(Storage& storage, const net::Request& r) {
  const StudyUid study(r.capture("study"));
  const SeriesUid series(r.capture("series"));
  const SopUid instance(r.capture("instance"));
  std::vector<InstanceRow> rows;
  if (!instance.empty()) {
    rows.push_back(TRY(storage.instance(instance, r.call())));
    if (rows[0].study != study || rows[0].series != series)
      return fail(Code::not_found, "object {} is in another series than the address says", instance);
    return rows;
  }
  for (const auto& one : TRY(storage.series(study, r.call()))) {
    if (!series.empty() && one.series != series) continue;
    auto more = TRY(storage.instances(study, one.series, r.call()));
    if (rows.empty())
      rows = std::move(more);  // there may be ten thousand, and mostly there is one series
    else
      std::move(more.begin(), more.end(), std::back_inserter(rows));
  }
  if (rows.empty()) return fail(Code::not_found, "there is no series {} in study {}", series, study);
  return rows;
}

std::string digest_of(const std::vector<InstanceRow>& rows) {
  std::size_t mixed = 0;
  for (const auto& row : rows) mixed = mixed * 1'000'003 ^ std::hash<std::string>{}(row.digest);
  return fmt::format("{:016x}-{}", mixed, rows.size());
}

std::string address_of(const std::string& root, const InstanceRow& row) {
  return fmt::format("{}/studies/{}/series/{}/instances/{}", root, net::encode(row.study.str()),
                     net::encode(row.series.str()), net::encode(row.instance.str()));
}

bool gives(const dicom::Accepted& a, std::string_view syntax) {
  return a.syntax.empty() || a.syntax == "*" || a.syntax == syntax;
}

Error not_acceptable(const net::Request& r, std::string possible) {
  return {Code::unsupported,
          fmt::format("nothing that '{}' allows can be given",
                      r.parameter("accept").value_or(r.header("accept").value_or(""))),
          fmt::format("Accept {}.", possible), "accept"};
}

}  // namespace larmor::storage

#include "services/storage/rest/resources.h"

#include "services/storage/adapters/inflated.h"

namespace larmor::storage {

Result<InstanceRow> row_of(Storage& storage, const net::Request& r) {
  const SopUid instance(r.capture("instance"));
  auto row = TRY(storage.instance(instance, r.call()));
  if (row.study.str() != r.capture("study") || row.series.str() != r.capture("series"))
    return fail(Code::not_found, "object {} is in another series than the address says", instance);
  return row;
}

Result<std::unique_ptr<Object>> open_values(Storage& storage, const InstanceRow& row, const Call& call) {
  return inflated(TRY(storage.open(row.instance, call)), row.transfer_syntax);
}

void DigestOfAll::add(const InstanceRow& row) {
  mixed_ = mixed_ * 1'000'003 ^ std::hash<std::string>{}(row.digest);
  ++count_;
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

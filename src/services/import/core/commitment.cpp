#include "services/import/core/commitment.h"

namespace larmor::importing {
namespace {

constexpr auto kFirstWait = 5s, kLongestWait = 3600s;
constexpr int kMostAttempts = 34;  // 10 that double, and 24 hours

events::NewEvent about(std::string_view what, const AeTitle& calling, const std::string& transaction, Json fields) {
  fields["calling"] = calling.str();
  fields["transaction"] = transaction;
  return {fmt::format("commitment.{}", what),
          "import",
          {},
          std::move(fields),
          fmt::format("commitment.{}/{}/{}", what, calling, transaction)};
}

}  // namespace

events::NewEvent requested_event(const Owed& owed, const std::string& address) {
  Json objects = Json::object();  // UIDs by class: most requests have one class
  for (const auto& o : owed.commitment.objects) objects[o.sop_class.str()].push_back(o.instance.str());
  return about("requested", owed.calling, owed.commitment.transaction,
               {{"association", owed.association},
                {"address", address},
                {"instances", owed.commitment.objects.size()},
                {"objects", std::move(objects)}});
}

events::NewEvent reported_event(const AeTitle& calling, const dimse::CommitmentReport& report) {
  return about("reported", calling, report.transaction,
               {{"committed", report.committed.size()}, {"failed", report.failed.size()}});
}

events::NewEvent failed_event(const Owed& owed, const Error& why) {
  return about("failed", owed.calling, owed.commitment.transaction,
               {{"attempts", owed.attempts}, {"error", to_string(why)}});
}

Owed owed_of(const events::Event& e) {
  Owed owed{AeTitle(e.fields.value("calling", "")), e.fields.value("association", ""), {}};
  owed.commitment.transaction = e.fields.value("transaction", "");
  const auto objects = e.fields.value("objects", Json::object());
  for (const auto& [sop_class, instances] : objects.items())
    for (const auto& instance : instances)
      owed.commitment.objects.push_back({SopClassUid(sop_class), SopUid(instance.get<std::string>())});
  return owed;
}

std::string request_of(const events::Event& e) {
  return e.key.substr(e.key.find('/') + 1);
}

Result<dimse::CommitmentReport> judge(const dimse::Commitment& asked, const Kept& kept) {
  dimse::CommitmentReport report{asked.transaction, {}, {}};
  for (const auto& object : asked.objects) {
    const auto sop_class = kept(object.instance);
    if (sop_class && *sop_class == object.sop_class)
      report.committed.push_back(object);
    else if (sop_class)
      report.failed.push_back({object, dimse::Reason::class_conflict});
    else if (sop_class.error().code == Code::not_found)
      report.failed.push_back({object, dimse::Reason::no_such_instance});
    else if (sop_class.error().code == Code::corrupt)
      report.failed.push_back({object, dimse::Reason::processing_failure});
    else
      return Failure(sop_class.error());
  }
  return report;
}

std::optional<Duration> wait_after(int attempts) {
  if (attempts >= kMostAttempts) return std::nullopt;
  return std::min<Duration>(kFirstWait * (1 << std::min(attempts - 1, 10)), kLongestWait);
}

}  // namespace larmor::importing

#include "services/import/rest/codec.h"

namespace larmor::importing {
namespace {

Result<Time> time_of(const Json& json, const char* name) {
  return from_rfc3339(TRY(member<std::string>(json, name)));
}

}  // namespace

Json to_json(const AssociationView& a) {
  return {{"id", a.id},           {"calling", a.calling},           {"called", a.called},
          {"address", a.address}, {"opened", to_rfc3339(a.opened)}, {"objects", a.objects}};
}

Json to_json(const ArrivalView& a) {
  return {{"study", a.study},           {"series", a.series},
          {"instances", a.instances},   {"first", to_rfc3339(a.first)},
          {"last", to_rfc3339(a.last)}, {"waiting_for", a.waiting_for}};
}

Json to_json(const UploadReport& r) {
  Json refused = Json::array();
  for (const auto& one : r.refused) refused.push_back({{"name", one.name}, {"reason", one.reason}});
  return {{"taken", r.taken},
          {"duplicates", r.duplicates},
          {"refused", std::move(refused)},
          {"refused_count", r.refused_count},
          {"studies", r.studies}};
}

Json to_json(const StoreReport& r) {
  Json items = Json::array();
  for (const auto& i : r.items) {
    items.push_back({{"part", i.part},
                     {"sop_class", i.sop_class},
                     {"instance", i.instance},
                     {"series", i.series},
                     {"study", i.study}});
    if (i.refused) items.back()["refused"] = {{"code", row(i.refused->code).name}, {"reason", i.refused->what}};
  }
  return {{"items", std::move(items)}};
}

Result<AssociationView> association_from_json(const Json& j) {
  AssociationView a;
  a.id = TRY(member<std::string>(j, "id"));
  a.calling = AeTitle(TRY(member<std::string>(j, "calling")));
  a.called = AeTitle(TRY(member<std::string>(j, "called")));
  a.address = TRY(member<std::string>(j, "address"));
  a.opened = TRY(time_of(j, "opened"));
  a.objects = TRY(member<std::int64_t>(j, "objects"));
  return a;
}

Result<ArrivalView> arrival_from_json(const Json& j) {
  ArrivalView a;
  a.study = StudyUid(TRY(member<std::string>(j, "study")));
  a.series = TRY(member<std::int64_t>(j, "series"));
  a.instances = TRY(member<std::int64_t>(j, "instances"));
  a.first = TRY(time_of(j, "first"));
  a.last = TRY(time_of(j, "last"));
  a.waiting_for = TRY(member<std::string>(j, "waiting_for"));
  return a;
}

Result<UploadReport> upload_report_from_json(const Json& j) {
  UploadReport r;
  r.taken = TRY(member<std::int64_t>(j, "taken"));
  r.duplicates = TRY(member<std::int64_t>(j, "duplicates"));
  r.refused_count = TRY(member<std::int64_t>(j, "refused_count"));
  for (const auto& one : TRY(member<std::vector<Json>>(j, "refused")))
    r.refused.push_back({TRY(member<std::string>(one, "name")), TRY(member<std::string>(one, "reason"))});
  for (auto& uid : TRY(member<std::vector<std::string>>(j, "studies"))) r.studies.emplace_back(std::move(uid));
  return r;
}

Result<StoreReport> store_report_from_json(const Json& j) {
  StoreReport r;
  for (const auto& one : TRY(member<std::vector<Json>>(j, "items"))) {
    auto& item = r.items.emplace_back();
    item.part = TRY(member_or<std::int64_t>(one, "part", 0));
    item.sop_class = SopClassUid(TRY(member<std::string>(one, "sop_class")));
    item.instance = SopUid(TRY(member<std::string>(one, "instance")));
    item.series = SeriesUid(TRY(member<std::string>(one, "series")));
    item.study = StudyUid(TRY(member<std::string>(one, "study")));
    if (!one.contains("refused")) continue;
    const auto why = TRY(member<Json>(one, "refused"));
    item.refused = {code_from_name(TRY(member<std::string>(why, "code"))), TRY(member<std::string>(why, "reason"))};
  }
  return r;
}

}  // namespace larmor::importing

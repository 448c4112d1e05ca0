#include "services/export/rest/codec.h"

namespace larmor::exporting {

Json to_json(const DestinationView& d) {
  return {{"name", d.name},       {"host", d.host},       {"port", d.port}, {"called", d.called},
          {"calling", d.calling}, {"waiting", d.waiting}, {"dead", d.dead}, {"last_error", d.last_error}};
}

Json to_json(const EchoReport& r) {
  return {{"reached", r.reached}, {"seconds", r.seconds}, {"words", r.words}};
}

Json to_json(const NewDelivery& d) {
  return {{"study", d.study}, {"instances", d.instances}};
}

Result<DestinationView> destination_from_json(const Json& j) {
  DestinationView d;
  d.name = TRY(member<std::string>(j, "name"));
  d.host = TRY(member<std::string>(j, "host"));
  d.port = TRY(member<int>(j, "port"));
  d.called = AeTitle(TRY(member<std::string>(j, "called")));
  d.calling = AeTitle(TRY(member<std::string>(j, "calling")));
  d.waiting = TRY(member<std::int64_t>(j, "waiting"));
  d.dead = TRY(member<std::int64_t>(j, "dead"));
  d.last_error = TRY(member<std::string>(j, "last_error"));
  return d;
}

Result<EchoReport> echo_report_from_json(const Json& j) {
  return EchoReport{TRY(member<bool>(j, "reached")), TRY(member<double>(j, "seconds")),
                    TRY(member<std::string>(j, "words"))};
}

Result<NewDelivery> new_delivery_from_json(const Json& j) {
  NewDelivery d;
  d.study = StudyUid(TRY(member<std::string>(j, "study")));
  for (auto& uid : TRY(member<std::vector<std::string>>(j, "instances"))) d.instances.emplace_back(std::move(uid));
  return d;
}

}  // namespace larmor::exporting

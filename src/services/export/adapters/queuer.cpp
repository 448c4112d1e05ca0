#include "services/export/adapters/queuer.h"

#include "base/log.h"
#include "base/text.h"

namespace larmor::exporting {
namespace {

constexpr auto kReader = "export";
constexpr auto kWait = Duration(1s);

}  // namespace

Result<JobId> queue(const Order& order, const Peers& peers, const Call& call) {
  dispatch::NewJob job;
  job.queue = "export/" + order.destination;
  job.study = order.study;
  job.arguments = {{"instances", order.instances}, {"result_of", order.result_of}};
  auto keyed = call;
  keyed.idempotency_key = order.key;
  auto id = TRY(peers.dispatch.enqueue(job, keyed));
  const events::NewEvent event{"export.queued",
                               "export",
                               order.study,
                               {{"destination", order.destination},
                                {"job", id.str()},
                                {"instances", order.instances.size()},
                                {"result_of", order.result_of}},
                               "export.queued/" + order.key};
  CHECK_OK(peers.log.append(std::span(&event, 1), call));
  return id;
}

Queuer::Queuer(std::set<std::string> destinations, const Peers& peers)
    : destinations_(std::move(destinations)), peers_(peers), thread_([this](const std::stop_token& s) { follow(s); }) {}

Queuer::~Queuer() {
  thread_.request_stop();
}

void Queuer::follow(const std::stop_token& stopping) {
  bool well = true;
  while (!stopping.stop_requested()) {
    const auto done = round();
    if (!done && well) log::warn("export", "new results wait: {}", to_string(done.error()));
    if (done && !well) log::note("export", "new results are queued again");
    well = done.has_value();
    if (!well) std::this_thread::sleep_for(500ms);
  }
}

Result<void> Queuer::round() {
  if (!read_) read_ = TRY(peers_.log.cursor(kReader, Call::within(10s)));
  const auto page = TRY(peers_.log.read({.after = *read_, .limit = 500, .types = {"results.stored"}, .wait = kWait},
                                        Call::within(kWait + 10s)));
  for (const auto& event : page.events) {
    CHECK_OK(take(event));
    CHECK_OK(peers_.log.advance(kReader, event.seq, Call::within(10s)));
    read_ = event.seq;
  }
  if (page.events.empty()) read_ = std::max(*read_, page.last);
  return {};
}

Result<void> Queuer::take(const events::Event& event) {
  const auto job = member_or<std::string>(event.fields, "job", "");
  const auto instances = member_or<std::vector<std::string>>(event.fields, "instances", {});
  const auto send_to = member_or<std::vector<std::string>>(event.fields, "send_to", {});
  if (!job || !instances || !send_to) {
    log::warn("export", "event {} is passed over: results.stored without a job, instances or destinations", event.seq);
    return {};
  }
  if (instances->empty()) return {};
  for (const auto& name : *send_to) {
    const auto key = fmt::format("export/{}/{}", *job, name);
    if (destinations_.contains(name)) {
      CHECK_OK(queue({event.study, *instances, *job, name, key}, peers_, Call::within(30s)));
      continue;
    }
    const std::vector<std::string> known(destinations_.begin(), destinations_.end());
    const auto near = nearest(name, known);
    const events::NewEvent failed{"export.failed",
                                  "export",
                                  event.study,
                                  {{"destination", name},
                                   {"job", *job},
                                   {"attempt", 0},
                                   {"error", fmt::format("no destination is called '{}'{}", name,
                                                         near ? fmt::format(". Did you mean '{}'?", *near)
                                                              : ". Destinations are set under export.destinations")}},
                                  "export.failed/" + key};
    CHECK_OK(peers_.log.append(std::span(&failed, 1), Call::within(10s)));
  }
  return {};
}

}  // namespace larmor::exporting

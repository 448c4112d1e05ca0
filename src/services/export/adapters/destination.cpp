#include "services/export/adapters/destination.h"

#include <set>

#include "base/log.h"
#include "base/random.h"
#include "services/export/adapters/heartbeat.h"
#include "services/export/core/verdict.h"

namespace larmor::exporting {
namespace {

constexpr auto kClaim = 1s;              // of one wait for a job
constexpr auto kStep = Duration(100ms);  // of a pause: bounds how late the end is noticed
constexpr std::size_t kMostListed = 1'000'000;
constexpr std::array kConfirmPauses = {Duration(0), Duration(200ms), Duration(1s), Duration(3s), Duration(6s)};

void pause(Duration d, const std::stop_token& stopping) {
  for (; d > Duration(0) && !stopping.stop_requested(); d -= kStep) std::this_thread::sleep_for(std::min(d, kStep));
}

/// The association failed, not one object: the destination is away, or does not take us in.
bool is_about_the_peer(Code code) {
  return code == Code::unavailable || code == Code::timed_out || code == Code::forbidden;
}

}  // namespace

Destination::Destination(std::string name, dimse::Peer peer, bool confirm, const BreakerPolicy& policy,
                         const Peers& peers)
    : name_(std::move(name)),
      peer_(std::move(peer)),
      confirm_(confirm),
      peers_(peers),
      breaker_(policy),
      thread_([this](const std::stop_token& s) { serve(s); }) {}

Destination::~Destination() {
  stop();
}

void Destination::stop() {
  thread_.request_stop();
}

std::string Destination::last_error() const {
  const std::lock_guard hold(mutex_);
  return last_error_;
}

void Destination::remember(const std::string& error) {
  const std::lock_guard hold(mutex_);
  last_error_ = error;
}

void Destination::serve(const std::stop_token& stopping) {
  const dispatch::Worker self{WorkerId(fmt::format("export-{}-{}", name_, random_token().substr(0, 8))), {queue()}};
  while (!stopping.stop_requested()) {
    if (!breaker_.closed()) {
      pause(std::min<Duration>(breaker_.greet_at() - peers_.clock.now(), 1s), stopping);
      if (!stopping.stop_requested() && peers_.clock.now() >= breaker_.greet_at()) greet();
      continue;
    }
    const auto lease = peers_.dispatch.claim(self, Call::within(kClaim));
    if (!lease)
      pause(1s, stopping);
    else if (*lease)
      work(**lease, stopping);
  }
}

void Destination::greet() {
  const auto answered = dimse::echo(peer_);
  if (answered) {
    breaker_.succeeded();
    remember("");
    log::note("export", "{} answers again", words(peer_));
  } else {
    breaker_.failed(peers_.clock.now());
    remember(to_string(answered.error()));
  }
}

void Destination::work(const dispatch::Lease& claimed, const std::stop_token& stopping) {
  const auto began = std::chrono::steady_clock::now();
  Heartbeat heartbeat(peers_.dispatch, claimed, peers_.clock);
  const auto sent = deliver(claimed, [&](double fraction) {
    heartbeat.done(fraction);
    return !stopping.stop_requested() && !heartbeat.lost();
  });
  const bool lost = heartbeat.lost();
  const auto lease = heartbeat.stop();
  if (!sent && sent.error().code == Code::cancelled) {
    if (!lost) (void)peers_.dispatch.release(lease, Call::within(5s));
    return;
  }
  dispatch::Outcome outcome;
  if (sent) {
    breaker_.succeeded();
    remember(sent->unconfirmed);
    const auto took = std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now() - began);
    tell(lease, "export.sent", {{"instances", sent->instances}, {"seconds", seconds(took)}});
    if (sent->found) tell(lease, "export.confirmed", {{"found", *sent->found}});
    outcome.result = {{"instances", sent->instances}, {"confirmed", sent->found.has_value()}};
    if (!sent->unconfirmed.empty()) outcome.result["unconfirmed"] = sent->unconfirmed;
  } else {
    const auto& e = sent.error();
    if (is_about_the_peer(e.code)) breaker_.failed(peers_.clock.now());
    outcome.error = worth_another_try(e);
    remember(to_string(e));
    log::warn("export", "{}", to_string(e));
    tell(lease, "export.failed", {{"error", to_string(e)}, {"attempt", lease.attempt}});
  }
  if (const auto told = peers_.dispatch.finish(lease, outcome, Call::within(30s)); !told)
    log::warn("export", "job {} ended, but dispatch was not told: {}", lease.job, to_string(told.error()));
}

void Destination::tell(const dispatch::Lease& lease, const std::string& type, Json fields) {
  fields["destination"] = name_;
  fields["job"] = lease.job.str();
  const events::NewEvent event{type, "export", lease.work.study, std::move(fields),
                               fmt::format("{}/{}/{}", type, lease.job, lease.attempt)};
  if (const auto said = peers_.log.append(std::span(&event, 1), Call::within(10s)); !said)
    log::warn("export", "cannot tell {}: {}", event.key, to_string(said.error()));
}

Result<Destination::Sent> Destination::deliver(const dispatch::Lease& lease, const std::function<bool(double)>& go_on) {
  const auto& study = lease.work.study;
  const auto call = Call::within(30s);
  std::vector<storage::InstanceRow> wanted;
  for (const auto& uid : TRY(member<std::vector<std::string>>(lease.work.arguments, "instances")))
    wanted.push_back(TRY(peers_.storage.instance(SopUid(uid), call)));
  std::set<SopUid> there;
  if (lease.attempt > 1 && confirm_)  // an attempt that broke off may have brought some of them there
    if (auto known = listed(study, wanted)) there.insert(known->begin(), known->end());
  std::vector<dimse::Outgoing> objects;
  for (const auto& i : wanted)
    if (!there.contains(i.instance))
      objects.push_back({i.sop_class, i.instance, i.transfer_syntax,
                         [this, uid = i.instance]() -> Result<std::unique_ptr<ByteSource>> {
                           return std::make_unique<storage::ObjectSource>(
                               TRY(peers_.storage.open(uid, Call::within(30s))));
                         }});
  if (!objects.empty()) {
    const auto delivery = TRY(dimse::send(
        peer_, objects,
        [&](const dimse::Delivery& so_far, const auto&) {
          return go_on(static_cast<double>(so_far.done()) / static_cast<double>(objects.size()));
        },
        fmt::format("study {}", study)));
    if (auto error = verdict(delivery, wanted.size(), words(peer_))) return fail_with(std::move(*error));
  }
  return confirm(study, wanted);
}

Result<Destination::Sent> Destination::confirm(const StudyUid& study, const std::vector<storage::InstanceRow>& wanted) {
  Sent sent;
  sent.instances = static_cast<std::int64_t>(wanted.size());
  if (!confirm_) return sent;
  std::size_t found = 0;
  for (const auto wait : kConfirmPauses) {  // some archives list an object a little later than they take it
    std::this_thread::sleep_for(wait);
    const auto known = listed(study, wanted);
    if (!known && row(known.error().code).retryable) return Failure(known.error());
    if (!known) {
      sent.unconfirmed =
          fmt::format("{}. It cannot be asked; set export.destinations.{}.confirm to false if that is right",
                      known.error().what, name_);
      return sent;
    }
    found = known->size();
    if (found == wanted.size()) {
      sent.found = static_cast<std::int64_t>(found);
      return sent;
    }
  }
  return fail(Code::unavailable, "{} took {} objects of study {}, but lists only {} of them", words(peer_),
              wanted.size(), study, found);
}

/// Which of the wanted ones the destination lists.
Result<std::vector<SopUid>> Destination::listed(const StudyUid& study,
                                                const std::vector<storage::InstanceRow>& wanted) {
  std::map<SeriesUid, std::set<SopUid>> by_series;
  for (const auto& i : wanted) by_series[i.series].insert(i.instance);
  std::vector<SopUid> found;
  for (const auto& [series, instances] : by_series) {
    const auto rows = TRY(dimse::find(
        peer_, dimse::Level::image,
        {{"StudyInstanceUID", study.str()}, {"SeriesInstanceUID", series.str()}, {"SOPInstanceUID", ""}}, kMostListed));
    std::set<SopUid> there;
    for (const auto& row : rows)
      if (const auto uid = row.find("SOPInstanceUID"); uid != row.end()) there.insert(SopUid(uid->second));
    std::set_intersection(instances.begin(), instances.end(), there.begin(), there.end(), std::back_inserter(found));
  }
  return found;
}

}  // namespace larmor::exporting

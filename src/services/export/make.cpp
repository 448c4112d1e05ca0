#include "services/export/make.h"

#include "base/random.h"
#include "base/text.h"
#include "services/export/adapters/queuer.h"
#include "services/export/settings.h"

namespace larmor::exporting {
namespace {

struct DestinationOptions {
  std::string name;
  dimse::Peer peer;
  bool confirm = true;
};

class AssembledExport final : public Exporting {
 public:
  AssembledExport(const std::vector<DestinationOptions>& options, const BreakerPolicy& policy, const Peers& peers)
      : peers_(peers) {
    std::set<std::string> names;
    for (const auto& o : options) {
      destinations_.push_back(std::make_unique<Destination>(o.name, o.peer, o.confirm, policy, peers));
      names.insert(o.name);
    }
    queuer_ = std::make_unique<Queuer>(std::move(names), peers);
  }

  /// All of them at once, so that the end takes as long as the slowest, not as the sum.
  ~AssembledExport() override {
    for (const auto& d : destinations_) d->stop();
  }

  Result<std::vector<DestinationView>> destinations(const Call& call) override {
    const auto depths = TRY(peers_.dispatch.depths(call));
    std::vector<DestinationView> views;
    for (const auto& d : destinations_) {
      DestinationView view{d->name(), d->peer().host, d->peer().port, d->peer().called, d->peer().calling, 0,
                           0,         d->last_error()};
      for (const auto& depth : depths)
        if (depth.queue == d->queue()) view.waiting = depth.waiting + depth.running, view.dead = depth.dead;
      views.push_back(std::move(view));
    }
    return views;
  }

  Result<EchoReport> echo(const std::string& name, const Call&) override {
    const auto* destination = TRY(find(name));
    const auto began = std::chrono::steady_clock::now();
    const auto answered = dimse::echo(destination->peer());
    const auto took = std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now() - began);
    if (answered) return EchoReport{true, seconds(took), fmt::format("{} answers", words(destination->peer()))};
    return EchoReport{false, seconds(took), to_string(answered.error())};
  }

  Result<JobId> send(const StudyUid& study, const std::vector<SopUid>& instances, const std::string& name,
                     const Call& call) override {
    const auto* destination = TRY(find(name));
    if (instances.empty())
      return fail_with({Code::invalid, "there are no instances to send", "Name at least one", "/instances"});
    Order order{study, {}, "", destination->name(), call.idempotency_key};
    for (const auto& uid : instances) order.instances.push_back(uid.str());
    if (order.key.empty()) order.key = "export/by-hand/" + random_token();
    return queue(order, peers_, call);
  }

 private:
  Result<const Destination*> find(const std::string& name) const {
    std::vector<std::string> known;
    for (const auto& d : destinations_) {
      if (d->name() == name) return d.get();
      known.push_back(d->name());
    }
    const auto near = nearest(name, known);
    return fail_with(
        {Code::not_found, fmt::format("no destination is called '{}'", name),
         near ? fmt::format("Did you mean '{}'?", *near) : "Destinations are set under export.destinations",
         "destination"});
  }

  Peers peers_;
  std::vector<std::unique_ptr<Destination>> destinations_;
  std::unique_ptr<Queuer> queuer_;
};

std::string upper(std::string text) {
  for (auto& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

Result<AeTitle> title(const std::string& text, const SettingRow& row, const std::string& name) {
  auto parsed = dimse::parse_ae_title(text);
  if (parsed) return parsed;
  auto e = std::move(parsed).error();
  e.field = std::string(row.name);
  e.field.replace(e.field.find('*'), 1, name);
  return fail_with(std::move(e));
}

}  // namespace

Result<dimse::Peer> peer_of(const Settings& settings, const std::string& name) {
  dimse::Peer peer;
  peer.name = upper(name);
  peer.host = settings.text(kHost, name);
  if (peer.host.empty())
    return fail_with({Code::invalid, fmt::format("the destination '{}' has no host", name), std::string(kHost.why),
                      fmt::format("export.destinations.{}.host", name)});
  peer.port = static_cast<int>(settings.integer(kPort, name));
  const auto called = settings.text(kCalledAe, name);
  peer.called = TRY(title(called.empty() ? upper(name) : called, kCalledAe, name));
  peer.calling = TRY(title(settings.text(kCallingAe, name), kCallingAe, name));
  if (const auto certificate = settings.text(kTlsCertificate, name); !certificate.empty())
    peer.tls = dimse::TlsFiles{certificate, settings.text(kTlsKey, name), settings.text(kTlsAuthorities, name)};
  return peer;
}

Result<std::unique_ptr<Exporting>> make(const Settings& settings, events::EventLog& log, storage::Storage& storage,
                                        dispatch::Dispatch& dispatch, const Clock& clock) {
  std::vector<DestinationOptions> options;
  for (const auto& name : settings.chosen_names("export.destinations."))
    options.push_back({name, TRY(peer_of(settings, name)), settings.boolean(kConfirm, name)});
  BreakerPolicy policy;
  policy.cool = settings.seconds(kBreakerCool);
  policy.most = std::max(policy.cool, settings.seconds(kBreakerMost));
  return std::make_unique<AssembledExport>(options, policy, Peers{log, storage, dispatch, clock});
}

}  // namespace larmor::exporting

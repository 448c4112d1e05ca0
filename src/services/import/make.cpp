#include "services/import/make.h"

#include <atomic>

#include "base/log.h"
#include "base/random.h"
#include "services/import/adapters/batch.h"
#include "services/import/adapters/receiver.h"
#include "services/import/adapters/upload.h"
#include "services/import/adapters/watcher.h"
#include "services/import/settings.h"

namespace larmor::importing {
namespace {

class AssembledImport final : public LocalImport {
 public:
  AssembledImport(const Settings& settings, const Policy& policy, std::optional<dimse::Peer> archive, std::string run,
                  storage::Storage& storage, events::EventLog& log, const Clock& clock, Destinations destinations)
      : storage_(storage),
        log_(log),
        run_(std::move(run)),
        receiver_(storage, log, clock, std::move(destinations), run_),
        watcher_(policy, std::move(archive), run_, log, clock) {
    bounds_.largest_file = settings.bytes(kLargestUploadedFile);
  }

  Result<void> listen(const dimse::ScpOptions& options) {
    scp_ = TRY(dimse::Scp::listen(options, receiver_));
    return {};
  }

  std::uint16_t dicom_port() const override { return scp_->port(); }

  Result<std::vector<AssociationView>> associations(const Call&) override { return receiver_.associations(); }
  Result<std::vector<ArrivalView>> arrivals(const Call&) override { return watcher_.views(); }

  /// To the log both are associations: what they bring is not complete before they have ended.
  Result<UploadReport> upload(const std::string& name, ByteSource& source, const std::string& user,
                              const Call& call) override {
    auto report = as_association<UploadReport>({"upload", user, "", ""}, [&](const storage::Origin& origin) {
      return take_upload(name, source, origin, bounds_, storage_, call);
    });
    if (!report) return fail_with(while_doing(fmt::format("upload of '{}'", name), report.error()));
    return report;
  }

  Result<StoreReport> store(const Batch& batch, ByteSource& body, const Call& call) override {
    return as_association<StoreReport>({"stow-rs", batch.user, batch.address, ""}, [&](const storage::Origin& origin) {
      return take_batch(batch, body, origin, bounds_.largest_file, storage_, call);
    });
  }

 private:
  struct Count {
    std::int64_t kept = 0, refused = 0;
  };
  static Count count(const UploadReport& r) { return {r.taken + r.duplicates, r.refused_count}; }
  static Count count(const StoreReport& r) {
    const auto refused = std::count_if(r.items.begin(), r.items.end(), [](const auto& i) { return i.refused; });
    return {static_cast<std::int64_t>(r.items.size()) - refused, refused};
  }

  template <class Report, class Take>
  Result<Report> as_association(storage::Origin origin, const Take& take) {
    origin.association = fmt::format("{}-{}-{}", run_, origin.way, ++uploads_);
    const auto& id = origin.association;
    const auto began = std::chrono::steady_clock::now();
    tell(log_, opened_event(id, origin.sender, "", origin.address));
    Result<Report> report = take(origin);
    const auto lasted = std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now() - began);
    const auto objects = report ? count(*report) : Count{};
    tell(log_, closed_event(id, origin.sender, objects.kept, objects.refused, lasted, report ? "released" : "lost"));
    return report;
  }

  storage::Storage& storage_;
  events::EventLog& log_;
  std::string run_;
  UploadBounds bounds_;
  std::atomic<std::int64_t> uploads_{0};
  Receiver receiver_;
  Watcher watcher_;
  std::unique_ptr<dimse::Scp> scp_;  // last: its threads end first
};

/// The error with the setting's name where the text came from.
Failure about(const SettingRow& row, Error e) {
  e.field = row.name;
  return fail_with(std::move(e));
}

Result<AeTitle> title(const Settings& settings, const SettingRow& row) {
  auto parsed = dimse::parse_ae_title(settings.text(row));
  if (!parsed) return about(row, parsed.error());
  return parsed;
}

Result<dimse::ScpOptions> scp_options(const Settings& settings) {
  dimse::ScpOptions o;
  o.address = settings.text(kAddress);
  o.port = static_cast<std::uint16_t>(settings.integer(kPort));
  o.title = TRY(title(settings, kAeTitle));
  o.any_called = settings.boolean(kAnyCalled);
  for (const auto& text : settings.list(kAllowedCalling)) {
    auto parsed = dimse::parse_ae_title(text);
    if (!parsed) return about(kAllowedCalling, parsed.error());
    o.allowed_calling.push_back(std::move(*parsed));
  }
  o.associations = static_cast<int>(settings.integer(kAssociations));
  o.pdu = static_cast<std::uint32_t>(settings.bytes(kPdu));
  o.patience = settings.seconds(kPatience);
  const auto certificate = settings.text(kTlsCertificate);
  if (!certificate.empty()) o.tls = {certificate, settings.text(kTlsKey), settings.text(kTlsAuthorities)};
  return o;
}

Result<std::optional<dimse::Peer>> archive_of(const Settings& settings) {
  const auto host = settings.text(kArchiveHost);
  if (host.empty()) return std::nullopt;
  dimse::Peer peer;
  peer.name = "the archive";
  peer.host = host;
  peer.port = static_cast<int>(settings.integer(kArchivePort));
  peer.called = TRY(title(settings, kArchiveTitle));
  peer.calling = TRY(title(settings, kAeTitle));
  peer.connect = 5s;
  peer.answer = 15s;
  return peer;
}

}  // namespace

Result<std::unique_ptr<LocalImport>> make(const Settings& settings, events::EventLog& log, storage::Storage& storage,
                                          const Clock& clock, Destinations destinations) {
  auto options = TRY(scp_options(settings));
  auto archive = TRY(archive_of(settings));
  Policy policy;
  policy.quiet = settings.seconds(kQuietPeriod);
  policy.gap_factor = static_cast<int>(settings.integer(kGapFactor));
  policy.most_wait = settings.seconds(kMostWait);
  policy.settle = std::min<Duration>(1s, policy.quiet);
  policy.ask_archive = archive.has_value();
  options.id_prefix = random_token().substr(0, 12);
  auto import = std::make_unique<AssembledImport>(settings, policy, std::move(archive), options.id_prefix, storage, log,
                                                  clock, std::move(destinations));
  CHECK_OK(import->listen(options));
  log::note("import", "listening for DICOM on {}:{} as {}{}", options.address, import->dicom_port(), options.title,
            options.tls ? " over TLS" : "");
  return std::unique_ptr<LocalImport>(std::move(import));
}

}  // namespace larmor::importing

#pragma once
/// Puts what associations bring into storage, and tells the log when they open and close.
#include <mutex>

#include "dicom/dimse/scp.h"
#include "services/import/adapters/commitments.h"
#include "services/import/import.h"

namespace larmor::importing {

/// Threads: called from the associations' threads; associations() from any.
class Receiver final : public dimse::ScpHandler {
 public:
  /// `run` begins the ids of the associations.
  Receiver(storage::Storage& storage, events::EventLog& log, const Clock& clock, Destinations destinations,
           const std::string& run)
      : storage_(storage),
        log_(log),
        clock_(clock),
        destinations_(std::move(destinations)),
        commitments_(storage, log, clock, destinations_, run) {}

  void opened(const dimse::Association&) override;
  Result<void> store(const dimse::Association&, const dimse::StoreRequest&, ByteSource& dataset) override;
  bool answers_queries() const override { return true; }
  Result<dicom::FoundPage> find(const dimse::Association&, const dicom::Query&) override;
  Result<std::unique_ptr<dimse::Objects>> collect(const dimse::Association&, const dicom::Query&) override;
  Result<dimse::Peer> locate(const dimse::Association&, const AeTitle&) override;
  Result<void> commit(const dimse::Association&, const dimse::Commitment&) override;
  Result<dimse::CommitmentReport> judge(const dimse::Association&, const dimse::Commitment&) override;
  void told(const dimse::Association&, const dimse::CommitmentReport&) override;
  void closed(const dimse::Association&, const dimse::Ending&) override;
  void rejected(const dimse::Association&, std::string_view reason) override;

  std::vector<AssociationView> associations() const;

 private:
  storage::Storage& storage_;
  events::EventLog& log_;
  const Clock& clock_;
  Destinations destinations_;
  Commitments commitments_;
  mutable std::mutex mutex_;
  std::map<std::string, AssociationView> open_;
};

/// Events about an association; uploads have one too.
events::NewEvent opened_event(const std::string& id, const std::string& calling, const std::string& called,
                              const std::string& address);
events::NewEvent closed_event(const std::string& id, const std::string& calling, std::int64_t objects,
                              std::int64_t refused, Duration lasted, std::string_view end);
/// Appends, or says in the log file that it could not: nothing else can be done about it here.
void tell(events::EventLog&, const events::NewEvent&);

}  // namespace larmor::importing

#include "services/import/adapters/receiver.h"

#include "base/log.h"
#include "dicom/data/part10.h"
#include "dicom/data/scan.h"
#include "dicom/dimse/file_head.h"
#include "services/import/adapters/retrieved.h"

namespace larmor::importing {
namespace {

/// For one object of any size; each piece of it has the association's own patience.
constexpr auto kPatience = 3600s;
constexpr auto kPageWithin = 30s;  // of the answers to a query

}  // namespace

events::NewEvent opened_event(const std::string& id, const std::string& calling, const std::string& called,
                              const std::string& address) {
  return {"association.opened",
          "import",
          {},
          {{"association", id}, {"calling", calling}, {"called", called}, {"address", address}},
          "association.opened/" + id};
}

events::NewEvent closed_event(const std::string& id, const std::string& calling, std::int64_t objects,
                              std::int64_t refused, Duration lasted, std::string_view end) {
  return {"association.closed",
          "import",
          {},
          {{"association", id},
           {"calling", calling},
           {"objects", objects},
           {"refused", refused},
           {"seconds", seconds(lasted)},
           {"end", end}},
          "association.closed/" + id};
}

void tell(events::EventLog& log, const events::NewEvent& event) {
  if (const auto said = log.append(std::span(&event, 1), Call::within(10s)); !said)
    log::warn("import", "cannot tell {}: {}", event.key, to_string(said.error()));
}

void Receiver::opened(const dimse::Association& a) {
  {
    const std::lock_guard hold(mutex_);
    open_[a.id] = {a.id, a.calling, a.called, a.address, clock_.now(), 0};
  }
  tell(log_, opened_event(a.id, a.calling.str(), a.called.str(), a.address));
}

Result<void> Receiver::store(const dimse::Association& a, const dimse::StoreRequest& r, ByteSource& dataset) {
  // Without the sender: the same object from two senders is the same file.
  const auto front = dicom::part10_front(r.sop_class, r.instance, r.transfer_syntax, AeTitle());
  MemorySource head(as_bytes(front));
  dimse::ChainedSource file(head, dataset);
  auto kept = storage_.put(file, {"c-store", a.calling.str(), a.address, a.id}, Call::within(kPatience));
  if (!kept) {
    log::warn("import", "object {} of {} ({}) not stored: {}", r.instance, a.calling, a.address,
              to_string(kept.error()));
    return Failure(std::move(kept).error());
  }
  const std::lock_guard hold(mutex_);
  ++open_[a.id].objects;
  return {};
}

Result<dicom::FoundPage> Receiver::find(const dimse::Association&, const dicom::Query& query) {
  return storage_.find(query, Call::within(kPageWithin));
}

Result<dimse::Peer> Receiver::locate(const dimse::Association&, const AeTitle& title) {
  const auto destination = destinations_.find(title);
  if (destination == destinations_.end())
    return fail(Code::not_found, "no destination of the settings has the AE title {}", title);
  return destination->second;
}

Result<std::unique_ptr<dimse::Objects>> Receiver::collect(const dimse::Association& a, const dicom::Query& asked) {
  auto objects = TRY(Retrieved::of(storage_, asked));
  log::note("import", "{} ({}) retrieves {} objects", a.calling, a.address, objects->size());
  return objects;
}

Result<void> Receiver::commit(const dimse::Association& a, const dimse::Commitment& asked) {
  return commitments_.take(a, asked);
}

Result<dimse::CommitmentReport> Receiver::judge(const dimse::Association&, const dimse::Commitment& asked) {
  return commitments_.judge(asked);
}

void Receiver::told(const dimse::Association& a, const dimse::CommitmentReport& report) {
  commitments_.told(a, report);
}

void Receiver::closed(const dimse::Association& a, const dimse::Ending& e) {
  {
    const std::lock_guard hold(mutex_);
    open_.erase(a.id);
  }
  commitments_.closed(a);
  tell(log_, closed_event(a.id, a.calling.str(), e.objects, e.refused, e.lasted, dimse::name(e.end)));
}

void Receiver::rejected(const dimse::Association& a, std::string_view reason) {
  if (a.calling.empty())
    log::warn("import", "connection from {} turned away: {}", a.address, reason);
  else
    log::warn("import", "association of {} ({}) to {} rejected: {}", a.calling, a.address, a.called, reason);
}

std::vector<AssociationView> Receiver::associations() const {
  const std::lock_guard hold(mutex_);
  std::vector<AssociationView> views;
  for (const auto& [id, view] : open_) views.push_back(view);
  return views;
}

}  // namespace larmor::importing

#pragma once
/// Assembly of import: listens for associations when it returns.
#include <memory>

#include "base/setting.h"
#include "dicom/dimse/peer.h"
#include "services/events/events.h"
#include "services/import/import.h"
#include "services/storage/storage.h"

namespace larmor::importing {

/// Import of this process, with the port that it really listens on.
class LocalImport : public Import {
 public:
  virtual std::uint16_t dicom_port() const = 0;
};

/// Log, storage and clock must outlive it. `invalid` names the setting, `unavailable` that the port is taken.
/// `destinations`: who may be sent objects by C-MOVE, and is told of storage commitment, by AE title.
Result<std::unique_ptr<LocalImport>> make(const Settings&, events::EventLog&, storage::Storage&, const Clock&,
                                          std::map<AeTitle, dimse::Peer> destinations = {});

}  // namespace larmor::importing

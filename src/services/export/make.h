#pragma once
/// Assembly of export: one thread per destination of the settings, and one that follows the event log.
#include <memory>

#include "base/setting.h"
#include "dicom/dimse/peer.h"
#include "services/dispatch/dispatch.h"
#include "services/events/events.h"
#include "services/export/export.h"
#include "services/storage/storage.h"

namespace larmor::exporting {

/// The peers and the clock must outlive it. `invalid` names the setting. Its destructor gives a job in progress back.
Result<std::unique_ptr<Exporting>> make(const Settings&, events::EventLog&, storage::Storage&, dispatch::Dispatch&,
                                        const Clock&);

/// The application entity that the settings describe under that name; `invalid` names the setting.
Result<dimse::Peer> peer_of(const Settings&, const std::string& destination);

}  // namespace larmor::exporting

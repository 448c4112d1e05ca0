#pragma once
/// Calls other application entities: C-ECHO, C-STORE of many objects over one association, C-FIND, C-MOVE.
///
/// Threads: free functions without shared state; each call opens and closes its own associations. Blocking: bounded by
/// the patience in Peer for each step. Failures say what to do: `unavailable` and `timed_out` may pass by themselves,
/// `forbidden` (AE titles) and `unsupported` (nothing in common to send it in) need a person at one of the two ends.
#include <map>
#include <vector>

#include "dicom/dimse/delivery.h"
#include "dicom/dimse/objects.h"
#include "dicom/dimse/peer.h"

namespace larmor::dimse {

Result<void> echo(const Peer&);

/// Asked before each object; false stops (`cancelled`).
using GoOn = std::function<bool(const Delivery& so_far, const Outgoing& next)>;

/// Proposes exactly the SOP classes and transfer syntaxes that are needed, an uncompressed one as the way out. An Error
/// means that the association failed: what had been answered before it is then sent again with the rest, which harms
/// nothing.
/// `what` is for the message: "cannot send WHAT to ARCHIVE (10.0.0.5:104): ...".
Result<Delivery> send(const Peer&, Objects&, const GoOn& = {}, std::string_view what = {});
inline Result<Delivery> send(const Peer& peer, std::span<const Outgoing> objects, const GoOn& go_on = {},
                             std::string_view what = {}) {
  Listed all(objects);
  return send(peer, all, go_on, what);
}

enum class Level { study, series, image };
/// Attributes by keyword ("StudyInstanceUID"), as text in UTF-8.
using Row = std::map<std::string, std::string>;

/// Study Root C-FIND. `keys` hold what must match, and empty what shall be returned. `too_large` past `most` rows.
Result<std::vector<Row>> find(const Peer&, Level, const Row& keys, std::size_t most = 100'000);

/// How many objects the peer says that it sent.
struct Moved {
  std::int64_t completed = 0, failed = 0, warned = 0;
};

/// Study Root C-MOVE: the peer sends what the keys name to `destination`, an AE title whose address it knows, over
/// associations that it opens itself. `go_on` is asked about once a second; false stops the peer (`cancelled`). Peer's
/// `answer` bounds each silence. Some failed objects are no Error: `failed` counts them.
Result<Moved> move(const Peer&, Level, const Row& keys, const AeTitle& destination,
                   const std::function<bool()>& go_on = {});

}  // namespace larmor::dimse

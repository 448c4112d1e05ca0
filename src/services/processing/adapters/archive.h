#pragma once
/// Earlier studies in an archive: asked for by C-FIND, brought by C-MOVE to Larmor's own AE title.
///
/// Blocking: each step within the peer's patience; `until` bounds the whole. Failures: those of dimse::find and
/// dimse::move; `timed_out` past `until`; `cancelled` soon after `go_on` says false.
#include <functional>

#include "dicom/dimse/scu.h"
#include "services/processing/core/priors.h"

namespace larmor::processing {

struct Archive {
  std::string name;  ///< "archive", as the rules call it
  dimse::Peer peer;
  AeTitle own;  ///< where it sends what is asked for
};

struct Patience {
  std::chrono::steady_clock::time_point until;
  std::function<bool()> go_on;
  bool over() const { return std::chrono::steady_clock::now() >= until; }
};

struct Bounds {
  std::size_t studies = 20, series_queries = 40;
};

/// As earlier_in_storage(), for studies that `known` does not name. What the archive does not tell stays unknown.
Result<std::vector<Scan>> earlier_in_archive(const Archive&, const Scan& now, const std::vector<Scan>& known,
                                             const Bounds&, const Patience&);

/// Has the series sent here. What was taken in is in storage when it returns.
Result<dimse::Moved> fetch_from(const Archive&, const Scan&, const Patience&);

}  // namespace larmor::processing

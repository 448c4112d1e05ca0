#pragma once
/// Is a study, or a series, complete? Never a bare timer: every answer names the clue and the reason.
///
/// Pure: what is known comes in, what to do comes out. The clues, in this order: an open association of the sender says
/// that more is coming; the archive's own count says that all is here, or not yet; holes between slices say that
/// something is missing; and only then silence counts. Each clue is bounded in time, so that none can hold a study for
/// ever.
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "services/import/core/gaps.h"

namespace larmor::importing {

struct Policy {
  Duration quiet = 5s;        ///< silence that counts as the end
  int gap_factor = 6;         ///< that many times `quiet` where slices are missing
  Duration most_wait = 600s;  ///< bound of the other clues, from the last image
  Duration settle = 1s;       ///< even if the archive's count agrees: it may be receiving too
  bool ask_archive = false;
  Duration archive_patience = 30s;  ///< beyond `quiet`, for its answer
};

/// An association of a sender that has sent something of this study.
struct OpenSender {
  enum class Busy { here, nowhere_yet, elsewhere };
  std::string calling;
  Busy busy = Busy::here;  ///< what its last object belonged to
};

struct Known {
  std::int64_t instances = 0, series = 1;
  Time last;  ///< arrival of the newest image
  std::vector<OpenSender> open;
  std::optional<std::int64_t> archive;  ///< its count, asked after `last`
  bool archive_silent = false;          ///< it was asked after `last` and did not answer
  Gaps gaps;                            ///< of the worst series
};

struct Decision {
  bool complete = false;
  std::string clue;    ///< archive_count, quiet; empty while waiting
  std::string reason;  ///< in words, for the event or for the list of arrivals
  Time again;          ///< look again then, unless something happens before
  bool ask_archive = false;
};

Decision decide(const Known&, Time now, const Policy&);

}  // namespace larmor::importing

#pragma once
/// A study's images, fetched from storage into a folder for a pipeline.
#include <filesystem>
#include <functional>
#include <limits>
#include <set>

#include "services/events/events.h"
#include "services/storage/storage.h"

namespace larmor::processing {

struct Fetched {
  std::int64_t series = 0, instances = 0;
  std::uint64_t bytes = 0;
};

/// INTO/0001/000001.dcm ...: every image series that Larmor did not make itself. `too_large` before anything is fetched
/// if the study does not fit in `room` bytes; `cancelled` soon after `go_on` says false.
Result<Fetched> fetch_images(storage::Storage&, events::EventLog&, const StudyUid&, const std::filesystem::path& into,
                             std::uint64_t room, const std::function<bool()>& go_on);

/// The same for one series, into INTO/0001.
Result<Fetched> fetch_series(storage::Storage&, const StudyUid&, const SeriesUid&, const std::filesystem::path& into,
                             std::uint64_t room, const std::function<bool()>& go_on);

/// Series of the study that an earlier run made: they must not become the next run's input.
Result<std::set<std::string>> made_here(events::EventLog&, const StudyUid&);

/// At most `most` bytes of the object from its start.
Result<void> copy_out(storage::Object&, const std::filesystem::path& to,
                      std::uint64_t most = std::numeric_limits<std::uint64_t>::max());

}  // namespace larmor::processing

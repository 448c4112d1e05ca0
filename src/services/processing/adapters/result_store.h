#pragma once
/// Results on disk: one folder per job, DIRECTORY/results/JOB, with `manifest.json` and the files beside it; complete
/// or absent. DIRECTORY/results-of/STUDY holds an empty marker per job, made before the folder, so that a study's
/// results are found without reading all of them; a marker without its folder means nothing.
///
/// Threads: every method may be called from any thread; a job is kept by one worker at a time (its lease).
/// Failures: `not_found`, `invalid` (a name that is none), `corrupt` (a damaged manifest), `out_of_space`,
/// `unavailable`.
#include <filesystem>
#include <optional>
#include <vector>

#include "base/result.h"
#include "services/processing/processing.h"

namespace larmor::processing {

/// What is kept of a run: the view, and what the event about it needs.
struct Keepsake {
  ResultView view;
  Json stages = Json::object();
};

class ResultStore {
 public:
  static Result<ResultStore> open(const std::filesystem::path& directory);
  /// Moves view.files out of `from` (on the same file system); durable when it returns.
  Result<void> keep(const Keepsake&, const std::filesystem::path& from);
  Result<std::optional<Keepsake>> find(const JobId&) const;
  /// Newest first, superseded ones marked.
  Result<std::vector<ResultView>> of(const StudyUid&) const;
  Result<std::string> file(const JobId&, const std::string& name, std::size_t bound) const;

 private:
  explicit ResultStore(std::filesystem::path directory) : directory_(std::move(directory)) {}
  std::filesystem::path folder(const JobId& job) const { return directory_ / "results" / job.str(); }
  std::filesystem::path markers(const StudyUid& study) const { return directory_ / "results-of" / study.str(); }
  std::filesystem::path directory_;
};

}  // namespace larmor::processing

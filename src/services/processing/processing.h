#pragma once
/// Processing runs pipelines on studies: each job in a child process with bounds on memory, time and threads.
///
/// Owns: the workers and their scratch folders. Never: decides what to run, or sends anything out.
/// Threads: every method may be called from any thread.
/// Failures: `unavailable` (retryable), `not_found`, `invalid` (names the field).
/// Invariants: a crash of a pipeline fails one job, with its last words kept, and harms nothing else; results have
/// deterministic UIDs, so that a second run never makes a second result. Events: results.stored, results.refused,
/// feedback.given.
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/call.h"
#include "base/id.h"
#include "base/json.h"

namespace larmor::processing {

struct PipelineView {
  std::string name;  ///< "brain"
  std::string version;
  std::string about;  ///< one sentence for a person
  Json limits;        ///< memory_bytes, time_s, threads
};

struct WorkerView {
  WorkerId id;
  std::string busy_with;  ///< job id, or empty
  StudyUid study;
  double fraction = 0;
  std::string step;
};

/// What one run found. `findings` is the pipeline's own JSON (for brain: volumes in ml, quality, refusal).
struct ResultView {
  JobId job;
  StudyUid study;
  std::string pipeline, version;
  std::int64_t generation = 1;  ///< of the study: grows when more images arrive after it was complete
  bool superseded = false;      ///< a later generation has its own result
  Time made;
  Json findings;
  std::vector<std::string> files;  ///< "report.pdf", "axial.png", "volumes.csv", "labels.nii.gz"
  std::vector<SopUid> instances;   ///< the DICOM objects made
};

/// What a person says of a result, kept in the event log for the model's card: "the outline is wrong here".
struct Feedback {
  std::string words;                           ///< 1 to 2000 bytes
  std::string structure;                       ///< "left hippocampus"; empty: the result as a whole
  std::optional<std::array<double, 3>> at_mm;  ///< towards right, front and top, in the scanner's millimetres
};

/// Names of the built-in pipelines, for whoever must tell a slip of the keyboard before a job is queued.
inline constexpr std::array<std::string_view, 1> kBuiltInPipelines = {"brain"};

class Processing {
 public:
  virtual ~Processing() = default;
  /// Newest first.
  virtual Result<std::vector<ResultView>> results(const StudyUid&, const Call&) = 0;
  /// The bytes of one file of a result, at most 256 MiB.
  virtual Result<std::string> result_file(const JobId&, const std::string& file, const Call&) = 0;
  /// An event feedback.given, with the pipeline's and the model's version. Same idempotency key, same event.
  virtual Result<void> give_feedback(const JobId&, const Feedback&, const Call&) = 0;
  virtual Result<std::vector<PipelineView>> pipelines(const Call&) = 0;
  virtual Result<std::vector<WorkerView>> workers(const Call&) = 0;
};

}  // namespace larmor::processing

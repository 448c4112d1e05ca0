#include "services/processing/make.h"

#include <thread>

#include "services/processing/adapters/result_store.h"
#include "services/processing/adapters/workers.h"
#include "services/processing/core/feedback.h"
#include "services/processing/core/pipelines.h"
#include "services/processing/settings.h"

namespace larmor::processing {
namespace {

constexpr std::size_t kLargestFile = 256 << 20;

class LocalProcessing final : public Processing {
 public:
  LocalProcessing(ResultStore store, WorkersOptions options, const Peers& peers)
      : store_(std::move(store)),
        log_(peers.events),
        limits_(options.limits),
        workers_(std::move(options), store_, peers) {}

  Result<std::vector<ResultView>> results(const StudyUid& study, const Call&) override { return store_.of(study); }
  Result<std::string> result_file(const JobId& job, const std::string& file, const Call&) override {
    return store_.file(job, file, kLargestFile);
  }
  Result<void> give_feedback(const JobId& job, const Feedback& feedback, const Call& call) override {
    CHECK_OK(check(feedback));
    const auto kept = TRY(store_.find(job));
    if (!kept) return fail(Code::not_found, "there is no result of job {}", job);
    const auto event = event_of(kept->view, feedback, call.idempotency_key);
    TRY(log_.append({&event, 1}, call));
    return {};
  }
  Result<std::vector<PipelineView>> pipelines(const Call&) override {
    const Json limits{
        {"memory_bytes", limits_.memory_bytes}, {"time_s", seconds(limits_.time)}, {"threads", limits_.threads}};
    std::vector<PipelineView> views;
    for (const auto& row : built_in_pipelines())
      views.push_back({std::string(row.name), std::string(row.version), std::string(row.about), limits});
    return views;
  }
  Result<std::vector<WorkerView>> workers(const Call&) override { return workers_.views(); }

 private:
  ResultStore store_;
  events::EventLog& log_;
  const Limits limits_;
  Workers workers_;
};

Limits limits_from(const Settings& settings, int workers) {
  Limits limits;
  limits.memory_bytes = settings.bytes(kMemory);
  limits.time = settings.seconds(kTime);
  limits.disk_bytes = settings.bytes(kScratch);
  limits.nice = static_cast<int>(settings.integer(kNice));
  limits.threads = static_cast<int>(settings.integer(kThreads));
  if (limits.threads == 0)
    limits.threads = std::max(1, static_cast<int>(std::thread::hardware_concurrency()) / std::max(1, workers));
  return limits;
}

}  // namespace

Result<std::unique_ptr<Processing>> make(const std::filesystem::path& directory, const Settings& settings,
                                         storage::Storage& storage, dispatch::Dispatch& dispatch, events::EventLog& log,
                                         const Clock& clock, Archives archives, const std::filesystem::path& executable,
                                         std::vector<std::string> arguments) {
  // The child runs in a folder of its own: relative paths would lead nowhere.
  const auto root = std::filesystem::absolute(directory);
  WorkersOptions options;
  options.executable =
      executable.empty() ? std::filesystem::path("/proc/self/exe") : std::filesystem::absolute(executable);
  options.arguments = std::move(arguments);
  options.scratch = root / "scratch";
  options.workers = static_cast<int>(settings.integer(kWorkers));
  options.limits = limits_from(settings, options.workers);
  for (const auto& row : built_in_pipelines()) {
    options.pipelines.emplace_back(row.name);
    if (row.compares) options.comparing.emplace(row.name);
  }
  options.priors = {settings.seconds(kPriorsWait), std::move(archives)};
  return std::make_unique<LocalProcessing>(TRY(ResultStore::open(root)), std::move(options),
                                           Peers{storage, dispatch, log, clock});
}

}  // namespace larmor::processing

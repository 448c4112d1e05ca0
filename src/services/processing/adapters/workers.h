#pragma once
/// Workers: each a thread that claims a job, fetches the study, runs the pipeline in a child, and keeps what it made.
///
/// Order after a success: objects into storage, files into the result folder, the event, the job's end. Each step may
/// be repeated after a crash without a second effect: objects have fixed UIDs, the folder and the event are named after
/// the job. Threads: starts its own, and joins them in the destructor; a run in progress is then ended and its job
/// given back.
#include <filesystem>
#include <functional>
#include <mutex>
#include <set>
#include <thread>

#include "services/dispatch/dispatch.h"
#include "services/events/events.h"
#include "services/processing/adapters/result_store.h"
#include "services/processing/archives.h"
#include "services/processing/core/verdict.h"
#include "services/processing/processing.h"
#include "services/storage/storage.h"

namespace larmor::processing {

struct PriorOptions {
  Duration patience{60s};  ///< with all archives together
  Archives archives;
};

struct WorkersOptions {
  std::filesystem::path executable;  ///< run as: EXECUTABLE pipeline NAME --in DIR [--prior DIR] --out DIR --job JSON
                                     ///< --threads N
  std::filesystem::path scratch;     ///< emptied at start
  std::vector<std::string> arguments = {};  ///< further ones, at the end
  std::vector<std::string> pipelines;       ///< names of those that may run here
  std::set<std::string> comparing = {};     ///< those that take an earlier scan of the patient as well
  PriorOptions priors = {};
  int workers = 1;
  Limits limits;
};

struct Peers {
  storage::Storage& storage;
  dispatch::Dispatch& dispatch;
  events::EventLog& events;
  const Clock& clock;
};

class Workers {
 public:
  Workers(WorkersOptions, ResultStore&, const Peers&);
  ~Workers();
  std::vector<WorkerView> views() const;

 private:
  void work(const std::stop_token&, std::size_t index);
  void perform(const std::stop_token&, const dispatch::Lease&, std::size_t index);
  void show(std::size_t index, const std::function<void(WorkerView&)>& change);

  const WorkersOptions options_;
  ResultStore& store_;
  const Peers peers_;
  mutable std::mutex mutex_;
  std::vector<WorkerView> views_;
  std::vector<std::jthread> threads_;
};

}  // namespace larmor::processing

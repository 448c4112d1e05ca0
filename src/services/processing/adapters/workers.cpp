#include "services/processing/adapters/workers.h"

#include <unistd.h>

#include "base/log.h"
#include "services/processing/adapters/heartbeat.h"
#include "services/processing/adapters/run.h"

namespace larmor::processing {
namespace {

// Bounds how long a shutdown waits for an idle worker.
constexpr auto kClaimPatience = 1s;

std::string host() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "host";
}

void sleep(const std::stop_token& stopping, Duration most) {
  const auto end = std::chrono::steady_clock::now() + most;
  while (!stopping.stop_requested() && std::chrono::steady_clock::now() < end) std::this_thread::sleep_for(50ms);
}

}  // namespace

Workers::Workers(WorkersOptions options, ResultStore& store, const Peers& peers)
    : options_(std::move(options)), store_(store), peers_(peers) {
  std::error_code ignored;  // what is left of runs that died with their process
  std::filesystem::remove_all(options_.scratch, ignored);
  for (int i = 0; i < options_.workers; ++i) {
    WorkerView view;
    view.id = WorkerId(fmt::format("{}/{}/{}", host(), ::getpid(), i + 1));
    views_.push_back(std::move(view));
  }
  for (std::size_t i = 0; i < views_.size(); ++i)
    threads_.emplace_back([this, i](const std::stop_token& stopping) { work(stopping, i); });
}

Workers::~Workers() {
  for (auto& thread : threads_) thread.request_stop();
}

std::vector<WorkerView> Workers::views() const {
  const std::lock_guard lock(mutex_);
  return views_;
}

void Workers::show(std::size_t index, const std::function<void(WorkerView&)>& change) {
  const std::lock_guard lock(mutex_);
  change(views_[index]);
}

void Workers::work(const std::stop_token& stopping, std::size_t index) {
  dispatch::Worker self{views_[index].id, {}};
  for (const auto& name : options_.pipelines) self.queues.push_back("pipeline/" + name);
  bool well = true;
  while (!stopping.stop_requested()) {
    const auto lease = peers_.dispatch.claim(self, Call::within(kClaimPatience));
    if (!lease && well) log::warn("processing", "no work can be claimed: {}", to_string(lease.error()));
    if (lease && !well) log::note("processing", "work can be claimed again");
    well = lease.has_value();
    if (!lease) {
      sleep(stopping, 1s);
    } else if (*lease) {
      perform(stopping, **lease, index);
    }
  }
}

void Workers::perform(const std::stop_token& stopping, const dispatch::Lease& lease, std::size_t index) {
  show(index, [&](WorkerView& view) {
    view.busy_with = lease.job.str();
    view.study = lease.work.study;
  });
  {
    Heartbeat heartbeat(peers_.dispatch, lease, peers_.clock, stopping, [&](const dispatch::Progress& progress) {
      show(index, [&](WorkerView& view) {
        view.fraction = progress.fraction;
        view.step = progress.step;
      });
    });
    Run(options_, store_, peers_, lease, heartbeat).perform();
  }
  show(index, [](WorkerView& view) { view = WorkerView{view.id, {}, {}, 0, {}}; });
}

}  // namespace larmor::processing

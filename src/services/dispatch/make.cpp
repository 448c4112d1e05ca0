#include "services/dispatch/make.h"

#include <thread>

#include "base/log.h"
#include "services/dispatch/adapters/sqlite_jobs.h"
#include "services/dispatch/settings.h"

namespace larmor::dispatch {
namespace {

/// SqliteJobs with the thread that takes jobs from dead workers and hands events over.
class Tended final : public Dispatch {
 public:
  explicit Tended(std::unique_ptr<SqliteJobs> jobs)
      : jobs_(std::move(jobs)), thread_([this](const std::stop_token& s) { tend(s); }) {}
  ~Tended() override {
    thread_.request_stop();
    jobs_->stop();
  }

  Result<JobId> enqueue(const NewJob& work, const Call& c) override { return jobs_->enqueue(work, c); }
  Result<std::optional<Lease>> claim(const Worker& w, const Call& c) override { return jobs_->claim(w, c); }
  Result<Lease> renew(const Lease& l, const Progress& p, const Call& c) override { return jobs_->renew(l, p, c); }
  Result<void> finish(const Lease& l, const Outcome& o, const Call& c) override { return jobs_->finish(l, o, c); }
  Result<void> release(const Lease& l, const Call& c) override { return jobs_->release(l, c); }
  Result<Job> job(const JobId& id, const Call& c) override { return jobs_->job(id, c); }
  Result<JobPage> jobs(const JobQuery& q, const Call& c) override { return jobs_->jobs(q, c); }
  Result<std::vector<QueueDepth>> depths(const Call& c) override { return jobs_->depths(c); }
  Result<void> pause(const std::string& q, const std::string& by, const Call& c) override {
    return jobs_->pause(q, by, c);
  }
  Result<void> resume(const std::string& q, const std::string& by, const Call& c) override {
    return jobs_->resume(q, by, c);
  }
  Result<void> revive(const JobId& id, const Call& c) override { return jobs_->revive(id, c); }
  Result<void> cancel(const JobId& id, const Call& c) override { return jobs_->cancel(id, c); }

 private:
  void tend(const std::stop_token& stopping) {
    bool well = true;
    while (!stopping.stop_requested()) {
      const auto tended = jobs_->tend();
      if (!tended && well) log::warn("dispatch", "events wait in the outbox: {}", to_string(tended.error()));
      if (tended && !well) log::note("dispatch", "the outbox is emptied again");
      well = tended.has_value();
      if (well) {
        jobs_->wait_for_work(1s);
      } else {
        std::this_thread::sleep_for(200ms);  // the log is away: news would wake us at once, again and again
      }
    }
    (void)jobs_->tend();  // what is not handed over now waits in the outbox for the next start
  }

  std::unique_ptr<SqliteJobs> jobs_;
  std::jthread thread_;
};

}  // namespace

Result<std::unique_ptr<Dispatch>> make(const std::filesystem::path& directory, const Settings& settings,
                                       events::EventLog& log, const Clock& clock) {
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error) return fail(Code::unavailable, "cannot make the folder {}: {}", directory.string(), error.message());
  JobsOptions options;
  options.lease = settings.seconds(kLease);
  options.retry = {static_cast<int>(settings.integer(kMaxAttempts)), settings.seconds(kBackoffBase),
                   settings.seconds(kBackoffCap)};
  options.head_start = settings.seconds(kHeadStart);
  options.max_open = settings.integer(kMaxOpen);
  options.largest_arguments = settings.bytes(kLargestArguments);
  return std::make_unique<Tended>(TRY(SqliteJobs::open(directory / "jobs.db", options, log, clock)));
}

}  // namespace larmor::dispatch

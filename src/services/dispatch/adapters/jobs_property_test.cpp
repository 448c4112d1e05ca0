// Random workers, random accidents, a clock that jumps: what must hold whatever happens.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <set>
#include <thread>

#include "services/dispatch/adapters/sqlite_jobs.h"
#include "services/events/testing/memory_log.h"

namespace larmor::dispatch {
namespace {

// In memory where there is such a place: these tests ask about order and crashes of processes, and sync many thousand
// times.
std::filesystem::path quick_folder() {
  std::error_code none;
  return std::filesystem::is_directory("/dev/shm", none) ? "/dev/shm" : std::filesystem::temp_directory_path();
}

struct Folder {
  std::filesystem::path path = quick_folder() / ("larmor-jobs-" + random_token());
  Folder() { std::filesystem::create_directories(path); }
  ~Folder() { std::filesystem::remove_all(path); }
  std::filesystem::path file() const { return path / "jobs.db"; }
};

class World {
 public:
  explicit World(std::uint64_t seed) : random_(seed) {
    options_.seed = seed;
    reopen();
  }

  void step() {
    switch (random_.next() % 12) {
      case 0:
      case 1:
        enqueue();
        break;
      case 2:
      case 3:
      case 4:
        claim();
        break;
      case 5:
        with_some_lease([&](const Lease& l) { return renew(l); });
        break;
      case 6:
      case 7:
        with_some_lease([&](const Lease& l) { return ended(l, jobs_->finish(l, outcome(), {})); });
        break;
      case 8:
        with_some_lease([&](const Lease& l) { return ended(l, jobs_->release(l, {})); });
        break;
      case 9:
        clock_.advance(random_.between(0s, 20s));
        break;
      case 10:
        operate();
        break;
      case 11:
        random_.next() % 8 ? (void)jobs_->tend() : reopen();
        break;
    }
  }

  /// Honest workers finish everything that is left.
  void drain() {
    held_.clear();
    while (!paused_.empty()) pause_or_resume(std::string(*paused_.begin()));
    for (int i = 0; i < 2000; ++i) {
      clock_.advance(40s);
      while (auto lease = jobs_->claim({WorkerId("last"), {"*"}}, Call::within(0s)).value())
        ASSERT_TRUE(jobs_->finish(*lease, {}, {}));
      const auto depths = jobs_->depths({}).value();
      if (std::ranges::all_of(depths, [](const QueueDepth& d) { return d.waiting + d.running == 0; })) return;
    }
    FAIL() << "jobs are left over";
  }

  void check_the_end() {
    for (const auto& id : made_) {
      const auto job = jobs_->job(id, {});
      ASSERT_TRUE(job) << "lost: " << id.str();
      EXPECT_TRUE(job->state == State::done || job->state == State::dead || job->state == State::cancelled);
      EXPECT_TRUE(job->state == State::done || !succeeded_.contains(id)) << "done, and then not";
    }
    ASSERT_TRUE(jobs_->tend());
    std::set<std::string> queued, finished;
    for (const auto& e : log_.all("job.queued")) EXPECT_TRUE(queued.insert(e.fields["job"]).second);
    for (const auto& e : log_.all("job.finished")) EXPECT_TRUE(finished.insert(e.fields["job"]).second) << "done twice";
    EXPECT_EQ(queued.size(), made_.size());
  }

 private:
  void reopen() {
    jobs_.reset();
    jobs_ = std::move(*SqliteJobs::open(folder_.file(), options_, log_, clock_));
  }

  void enqueue() {
    const auto key = std::to_string(random_.next() % 60);
    const NewJob work{"q" + std::to_string(random_.next() % 3), StudyUid("1.2"),
                      static_cast<Priority>(random_.next() % 3)};
    made_.insert(jobs_->enqueue(work, Call::within(1s, key)).value());
  }

  void claim() {
    const Worker worker{WorkerId("w" + std::to_string(random_.next() % 4)),
                        {"q" + std::to_string(random_.next() % 3), "q0"}};
    const auto lease = jobs_->claim(worker, Call::within(0s)).value();
    if (!lease) return;
    for (const auto& other : held_)
      ASSERT_FALSE(other.job == lease->job && other.expires > clock_.now())
          << "two living workers run " << lease->job.str();
    ASSERT_FALSE(succeeded_.contains(lease->job)) << "run again after it was done";
    ASSERT_FALSE(paused_.contains(lease->work.queue)) << "started though its queue was paused";
    held_.push_back(*lease);
  }

  template <class Act>
  void with_some_lease(Act&& act) {
    if (held_.empty()) return;
    const auto i = random_.next() % held_.size();
    const auto lease = held_[i];
    const bool living = lease.expires > clock_.now() && !taken_away_.contains(lease.token);
    const auto [kept, worked] = act(lease);
    EXPECT_TRUE(worked || !living) << "a living worker was refused";
    if (kept)
      held_[i] = *kept;
    else
      held_.erase(held_.begin() + static_cast<std::ptrdiff_t>(i));
  }

  std::pair<std::optional<Lease>, bool> renew(const Lease& lease) {
    auto renewed = jobs_->renew(lease, {0.1, "s" + std::to_string(random_.next() % 3)}, {});
    if (!renewed) return {std::nullopt, false};
    return {*renewed, true};
  }

  Outcome outcome() {
    switch (random_.next() % 4) {
      case 0:
        return {Error{Code::unavailable, "away", {}, {}}};
      case 1:
        return {Error{Code::invalid, "wrong", {}, {}}};
      default:
        return {};
    }
  }

  std::pair<std::optional<Lease>, bool> ended(const Lease& lease, const Result<void>& result) {
    if (result && jobs_->job(lease.job, {})->state == State::done) succeeded_.insert(lease.job);
    return {std::nullopt, result.has_value()};
  }

  void pause_or_resume(const std::string& queue) {
    const bool resumed = paused_.erase(queue) > 0;
    if (!resumed) paused_.insert(queue);
    ASSERT_TRUE(resumed ? jobs_->resume(queue, "", {}) : jobs_->pause(queue, "", {}));
  }

  void operate() {
    if (random_.next() % 4 == 0) return pause_or_resume("q" + std::to_string(random_.next() % 3));
    if (made_.empty()) return;
    const auto id = *std::next(made_.begin(), static_cast<std::ptrdiff_t>(random_.next() % made_.size()));
    if (random_.next() % 2) {
      (void)jobs_->revive(id, {});
    } else if (jobs_->cancel(id, {})) {
      for (auto& lease : held_)
        if (lease.job == id) lease.expires = Time{}, taken_away_.insert(lease.token);
    }
  }

  Random random_;
  Folder folder_;
  JobsOptions options_{.lease = 30s, .retry = {4, 1s, 20s}};
  ManualClock clock_{Time(1'800'000'000s)};
  events::MemoryLog log_;
  std::unique_ptr<SqliteJobs> jobs_;
  std::vector<Lease> held_;
  std::set<LeaseToken> taken_away_;
  std::set<JobId> made_, succeeded_;
  std::set<std::string> paused_;
};

TEST(AJob, IsNeverRunByTwoLivingWorkersAndNeverLost) {
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    SCOPED_TRACE(seed);
    World world(seed);
    for (int i = 0; i < 600 && !testing::Test::HasFatalFailure(); ++i) world.step();
    world.drain();
    world.check_the_end();
    if (testing::Test::HasFailure()) return;
  }
}

TEST(AJob, GoesToOneOfManyWorkersThatAskAtTheSameMoment) {
  Folder folder;
  events::MemoryLog log;
  const auto jobs = std::move(*SqliteJobs::open(folder.file(), {}, log, system_clock()));
  for (int i = 0; i < 60; ++i) ASSERT_TRUE(jobs->enqueue({"q"}, {}));
  std::mutex mutex;
  std::multiset<JobId> taken;
  {
    std::vector<std::jthread> workers;
    for (int w = 0; w < 6; ++w)
      workers.emplace_back([&, w] {
        while (auto lease = jobs->claim({WorkerId("w" + std::to_string(w)), {"q"}}, Call::within(0s)).value()) {
          const std::lock_guard lock(mutex);
          taken.insert(lease->job);
        }
      });
  }
  EXPECT_EQ(taken.size(), 60u);
  EXPECT_EQ(std::set<JobId>(taken.begin(), taken.end()).size(), 60u);
}

/// Enqueues, claims and finishes until it is killed; says each promise it got on the pipe.
[[noreturn]] void work_until_killed(const Folder& folder, int pipe, int round) {
  events::MemoryLog log;
  auto jobs = SqliteJobs::open(folder.file(), {.lease = 30s}, log, system_clock());
  for (int i = 0; jobs; ++i) {
    const auto say = [&](char what, const JobId& id) {
      const auto line = what + id.str() + "\n";
      if (::write(pipe, line.data(), line.size()) < 0) ::_exit(1);
    };
    if (auto id = (*jobs)->enqueue({"q"}, Call::within(1s, fmt::format("{}/{}", round, i)))) say('E', *id);
    auto lease = (*jobs)->claim({WorkerId("victim"), {"q"}}, Call::within(0s));
    if (lease && *lease && i % 3 && (*jobs)->finish(**lease, {}, {})) say('F', (*lease)->job);
  }
  ::_exit(1);
}

TEST(AJob, SurvivesKillMinusNineOfItsWorker) {
  Folder folder;
  std::set<std::string> enqueued, finished;
  Random random(3);
  for (int round = 0; round < 10; ++round) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    const auto child = ::fork();
    if (child == 0) work_until_killed(folder, ends[1], round);
    ::close(ends[1]);
    std::this_thread::sleep_for(random.between(30ms, 90ms));
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    std::string said;
    char buffer[4096];
    for (ssize_t n; (n = ::read(ends[0], buffer, sizeof buffer)) > 0;) said.append(buffer, static_cast<std::size_t>(n));
    ::close(ends[0]);
    for (std::size_t from = 0, end; (end = said.find('\n', from)) != std::string::npos; from = end + 1)
      (said[from] == 'E' ? enqueued : finished).insert(said.substr(from + 1, end - from - 1));
  }
  ASSERT_GT(enqueued.size(), 10u);
  ManualClock later(system_clock().now() + 1h);
  events::MemoryLog log;
  const auto jobs = std::move(*SqliteJobs::open(folder.file(), {}, log, later));
  for (const auto& id : enqueued) EXPECT_TRUE(jobs->job(JobId(id), {})) << "lost " << id;
  for (const auto& id : finished) EXPECT_EQ(jobs->job(JobId(id), {})->state, State::done);
  ASSERT_TRUE(jobs->tend());
  later.advance(1h);
  while (auto lease = jobs->claim({WorkerId("heir"), {"q"}}, Call::within(0s)).value()) {
    EXPECT_FALSE(finished.contains(lease->job.str())) << "done jobs are not run again";
    ASSERT_TRUE(jobs->finish(*lease, {}, {}));
  }
  for (const auto& id : enqueued) EXPECT_EQ(jobs->job(JobId(id), {})->state, State::done);
  ASSERT_TRUE(jobs->tend());
  std::set<std::string> told;
  for (const auto& e : log.all("job.finished")) EXPECT_TRUE(told.insert(e.fields["job"]).second) << "told twice";
  for (const auto& id : enqueued) EXPECT_TRUE(told.contains(id)) << "an event was lost";
}

}  // namespace
}  // namespace larmor::dispatch

#include "net/loop.h"

#include "base/clock.h"
#include "base/prompt.h"

namespace larmor::net {
namespace {

constexpr auto kLook = 1ms;
constexpr int kQuiet = 10;  ///< looks in a row without any answer, before it rests

// The parts of Loop's state; the other bits count answers.
constexpr std::uint64_t kAnswering = 1, kAnswer = 2, kDriver = std::uint64_t{1} << 32;

std::uint64_t driver_of(std::uint64_t state) {
  return state / kDriver;
}

}  // namespace

void Loop::start(Workers& workers, Relief& relief) {
  workers_ = &workers;
  relief_ = &relief;
  workers.drive([this] { drive(0); });
}

void Loop::drive(std::uint64_t driver) {
  while (driver_of(state_) == driver && io.run_one() > 0) {
  }
}

void Loop::stop() {
  work_.reset();
  io.stop();
}

std::optional<std::uint64_t> Loop::begin() {
  if (!workers_->take_place()) return std::nullopt;
  const auto last = state_.load();
  const auto answer = driver_of(last) * kDriver + (last + kAnswer) % kDriver + kAnswering;
  state_ = answer;
  relief_->wake();
  return answer;
}

bool Loop::end(std::uint64_t answer) {
  const bool ours = state_.compare_exchange_strong(answer, answer - kAnswering);
  workers_->give_back_place();
  return ours;
}

bool Loop::relieve() {
  auto state = state_.load();
  const auto before = std::exchange(seen_, state);
  if (state != before) return true;
  if (state % kAnswer != kAnswering) return false;
  const auto next = state + kDriver - kAnswering;  // the count of drivers may begin anew
  if (state_.compare_exchange_strong(state, next)) workers_->drive([this, next] { drive(driver_of(next)); });
  return true;
}

Relief::~Relief() {
  stopping_ = true;
  wake();
  thread_.join();
}

void Relief::wake() {
  if (awake_) return;
  awake_ = true;
  awake_.notify_one();
}

bool Relief::look() {
  bool busy = false;
  for (auto& loop : loops_) busy |= loop.relieve();
  return busy;
}

void Relief::run() {
  be_prompt();
  for (int quiet = 0; !stopping_; ++quiet) {
    std::this_thread::sleep_for(kLook);
    if (look()) quiet = 0;
    if (quiet < kQuiet) continue;
    awake_ = false;
    if (!look() && !stopping_) awake_.wait(false);  // else somebody took us for awake
    awake_ = true;
    quiet = 0;
  }
}

}  // namespace larmor::net

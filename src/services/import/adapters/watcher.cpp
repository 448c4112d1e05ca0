#include "services/import/adapters/watcher.h"

#include "base/log.h"
#include "services/import/adapters/archive.h"
#include "services/import/adapters/receiver.h"

namespace larmor::importing {
namespace {

constexpr auto kReader = "import";
constexpr int kPage = 2000;
constexpr auto kLongest = 500ms;  // of one wait for events: bounds how late an answer or the end is noticed
constexpr auto kGather = 50ms;    // between reads, so that a fast sender costs few of them
constexpr std::size_t kMostQuestions = 10'000;

}  // namespace

Watcher::Watcher(const Policy& policy, std::optional<dimse::Peer> archive, std::string run, events::EventLog& log,
                 const Clock& clock)
    : archive_(std::move(archive)), run_(std::move(run)), log_(log), clock_(clock), arrivals_(policy) {
  if (archive_) asker_ = std::jthread([this](const std::stop_token& s) { ask(s); });
  watcher_ = std::jthread([this](const std::stop_token& s) { watch(s); });
}

Watcher::~Watcher() {
  watcher_.request_stop();
  asker_.request_stop();
}

void Watcher::watch(const std::stop_token& stopping) {
  bool well = true;
  while (!stopping.stop_requested()) {
    const auto done = begun_ ? round() : begin();
    if (!done && well) log::warn("import", "completeness waits for the event log: {}", to_string(done.error()));
    if (done && !well) log::note("import", "the event log is back");
    well = done.has_value();
    std::this_thread::sleep_for(well ? kGather : Duration(500ms));
  }
}

/// Associations that the log still shows open belonged to a process that has died.
Result<void> Watcher::begin() {
  read_ = settled_ = TRY(log_.cursor(kReader, Call::within(10s)));
  const auto now = TRY(log_.read({.after = read_, .limit = 1}, Call::within(10s))).last;
  Arrivals before{Policy{}};
  for (auto at = read_; at < now;) {
    const auto page = TRY(log_.read({.after = at, .limit = kPage, .types = {"association."}}, Call::within(30s)));
    for (const auto& e : page.events)
      if (e.seq <= now) before.apply(e);
    at = page.events.size() < kPage ? now : page.events.back().seq;
  }
  std::vector<events::NewEvent> lost;
  for (const auto& id : before.open_associations())
    if (!id.starts_with(run_)) lost.push_back(closed_event(id, "", 0, 0, Duration(0), "lost"));
  if (!lost.empty()) CHECK_OK(log_.append(lost, Call::within(10s)));
  begun_ = true;
  return {};
}

Result<void> Watcher::round() {
  CHECK_OK(say_all());
  const auto wait = std::clamp<Duration>(again_ - clock_.now(), Duration(0), kLongest);
  const auto page = TRY(
      log_.read({.after = read_,
                 .limit = kPage,
                 .types = {"instance.", "association.", "prior.", "study.complete", "study.late", "series.complete"},
                 .wait = wait},
                Call::within(wait + 10s)));
  for (const auto& e : page.events) {
    CHECK_OK(recall(e));
    const std::lock_guard hold(mutex_);
    arrivals_.apply(e);
    read_ = e.seq;
  }
  const bool more = page.events.size() == kPage;
  if (!more) read_ = std::max(read_, page.last);
  take_answers();
  if (more) return {};  // decide only with everything in view
  events::Seq settled;
  {
    const std::lock_guard hold(mutex_);
    const auto now = clock_.now();
    auto step = arrivals_.step(now);
    again_ = step.again;
    unsaid_ = std::move(step.say);
    settled = arrivals_.settled(read_);
    for (auto& study : step.ask)
      if (questions_.size() < kMostQuestions) questions_.push_back({std::move(study), now});
  }
  asked_.notify_all();
  CHECK_OK(say_all());
  if (settled > settled_) {
    CHECK_OK(log_.advance(kReader, settled, Call::within(10s)));
    settled_ = settled;
  }
  return {};
}

/// A study that is met for the first time may have been complete before: its own events tell.
Result<void> Watcher::recall(const events::Event& first_seen) {
  {
    const std::lock_guard hold(mutex_);
    if (first_seen.study.empty() || !first_seen.type.starts_with("instance.") || arrivals_.knows(first_seen.study))
      return {};
  }
  for (events::Seq at = 0; at + 1 < first_seen.seq;) {
    const auto page =
        TRY(log_.read({.after = at,
                       .limit = kPage,
                       .study = first_seen.study,
                       .types = {"instance.", "prior.", "study.complete", "study.late", "series.complete"}},
                      Call::within(30s)));
    const std::lock_guard hold(mutex_);
    for (const auto& e : page.events)
      if (e.seq < first_seen.seq) arrivals_.apply(e);
    at = page.events.size() < kPage ? first_seen.seq : page.events.back().seq;
  }
  return {};
}

/// What was decided stays decided: it is said until the log takes it.
Result<void> Watcher::say_all() {
  if (unsaid_.empty()) return {};
  CHECK_OK(log_.append(unsaid_, Call::within(10s)));
  unsaid_.clear();
  return {};
}

void Watcher::take_answers() {
  const std::lock_guard hold(mutex_);
  for (const auto& a : answers_) arrivals_.archive_says(a.question.study, a.count, a.question.asked, clock_.now());
  if (!answers_.empty()) again_ = Time{};
  answers_.clear();
}

void Watcher::ask(const std::stop_token& stopping) {
  std::string last_trouble;
  while (!stopping.stop_requested()) {
    Question question;
    {
      std::unique_lock lock(mutex_);
      if (!asked_.wait(lock, stopping, [&] { return !questions_.empty(); })) return;
      question = std::move(questions_.front());
      questions_.pop_front();
    }
    auto count = count_instances(*archive_, question.study);
    if (!count && count.error().code != Code::not_found && count.error().what != last_trouble)
      log::warn("import", "{}", to_string(count.error()));
    last_trouble = count ? "" : count.error().what;
    const std::lock_guard hold(mutex_);
    answers_.push_back({std::move(question), count ? std::optional(std::move(*count)) : std::nullopt});
  }
}

std::vector<ArrivalView> Watcher::views() const {
  const std::lock_guard hold(mutex_);
  return arrivals_.views(clock_.now());
}

}  // namespace larmor::importing

#include "services/import/adapters/commitments.h"

#include "base/log.h"
#include "dicom/dimse/report.h"
#include "services/import/adapters/receiver.h"

namespace larmor::importing {
namespace {

constexpr auto kReader = "import.commitments";
constexpr int kPage = 20;  // a request may have 1 MiB
constexpr auto kPatience = 10s;
constexpr auto kRecallAgain = 1s;

}  // namespace

Commitments::Commitments(storage::Storage& storage, events::EventLog& log, const Clock& clock,
                         const Destinations& destinations, std::string run)
    : storage_(storage), log_(log), clock_(clock), destinations_(destinations), run_(std::move(run)) {
  worker_ = std::jthread([this](const std::stop_token& s) { work(s); });
}

Commitments::~Commitments() {
  worker_.request_stop();
}

Result<void> Commitments::take(const dimse::Association& a, const dimse::Commitment& asked) {
  Owed owed{a.calling, a.id, asked};
  const auto event = requested_event(owed, a.address);
  {
    const std::lock_guard hold(mutex_);
    if (promised_.size() + owed_.size() >= kMostOwed)
      return fail(Code::too_large, "{} requests for storage commitment are open", kMostOwed);
  }
  CHECK_OK(log_.append(std::span(&event, 1), Call::within(kPatience)));
  const std::lock_guard hold(mutex_);
  promised_.push_back(std::move(owed));
  return {};
}

Result<SopClassUid> Commitments::kept(const SopUid& instance) const {
  const auto row = TRY(storage_.instance(instance, Call::within(kPatience)));
  const auto object = TRY(storage_.open(instance, Call::within(kPatience)));
  std::byte last{};
  if (object->size() != row.size || TRY(object->read_at(row.size - 1, {&last, 1})) != 1)
    return fail(Code::corrupt, "instance {} is not whole", instance);
  return row.sop_class;
}

Result<dimse::CommitmentReport> Commitments::judge(const dimse::Commitment& asked) const {
  return importing::judge(asked, [this](const SopUid& instance) { return kept(instance); });
}

void Commitments::told(const dimse::Association& a, const dimse::CommitmentReport& report) {
  tell(log_, reported_event(a.calling, report));
  const std::lock_guard hold(mutex_);
  std::erase_if(promised_,
                [&](const Owed& o) { return o.association == a.id && o.commitment.transaction == report.transaction; });
}

void Commitments::closed(const dimse::Association& a) {
  const std::lock_guard hold(mutex_);
  const auto kept =
      std::stable_partition(promised_.begin(), promised_.end(), [&](const Owed& o) { return o.association != a.id; });
  std::move(kept, promised_.end(), std::back_inserter(owed_));
  promised_.erase(kept, promised_.end());
  changed_.notify_all();
}

/// What the log shows as asked and not answered, of processes that have ended.
Result<void> Commitments::recall() {
  const auto begin = TRY(log_.cursor(kReader, Call::within(kPatience)));
  const auto last = TRY(log_.read({.after = begin, .limit = 1}, Call::within(kPatience))).last;
  std::map<std::string, std::pair<events::Seq, Owed>> open;
  for (auto at = begin; at < last;) {
    const auto page = TRY(log_.read({.after = at, .limit = kPage, .types = {"commitment."}}, Call::within(kPatience)));
    for (const auto& e : page.events) {
      if (e.type != "commitment.requested")
        open.erase(request_of(e));
      else if (auto owed = owed_of(e); !owed.association.starts_with(run_) && open.size() < kMostOwed)
        open.insert_or_assign(request_of(e), std::pair(e.seq, std::move(owed)));
    }
    at = page.events.size() < kPage ? last : page.events.back().seq;
  }
  auto settled = last;
  for (const auto& [request, owed] : open) settled = std::min(settled, owed.first - 1);
  CHECK_OK(log_.advance(kReader, settled, Call::within(kPatience)));
  const std::lock_guard hold(mutex_);
  for (auto& [request, owed] : open) owed_.push_back(std::move(owed.second));
  return {};
}

void Commitments::work(const std::stop_token& stopping) {
  for (bool recalled = false; !stopping.stop_requested();) {
    std::unique_lock lock(mutex_);
    if (!recalled) {
      lock.unlock();
      recalled = recall().has_value();
      lock.lock();
    }
    const auto next =
        std::min_element(owed_.begin(), owed_.end(), [](const Owed& a, const Owed& b) { return a.due < b.due; });
    if (next == owed_.end() || next->due > clock_.now()) {
      changed_.wait_for(lock, stopping, kRecallAgain, [] { return false; });
      continue;
    }
    auto owed = std::move(*next);
    owed_.erase(next);
    lock.unlock();
    attempt(std::move(owed));
  }
}

void Commitments::attempt(Owed owed) {
  ++owed.attempts;
  const auto peer = destinations_.find(owed.calling);
  if (peer == destinations_.end()) {
    const Error unknown{
        Code::not_found,
        fmt::format("{} asked for storage commitment and hung up, and its address is not known", owed.calling),
        "Name it below export.destinations with its AE title, host and port", ""};
    log::warn("import", "{}", to_string(unknown));
    return tell(log_, failed_event(owed, unknown));
  }
  const auto report = judge(owed.commitment);
  const auto done = report ? dimse::report(peer->second, *report) : Result<void>(Failure(report.error()));
  if (done) return tell(log_, reported_event(owed.calling, *report));
  const auto wait = wait_after(owed.attempts);
  log::warn("import", "{}{}", to_string(done.error()), wait ? "" : ". It is given up");
  if (!wait) return tell(log_, failed_event(owed, done.error()));
  owed.due = clock_.now() + *wait;
  const std::lock_guard hold(mutex_);
  owed_.push_back(std::move(owed));
}

}  // namespace larmor::importing

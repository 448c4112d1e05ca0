#pragma once
/// An event log in memory with the contract's promises except durability, for tests of services that write to one.
///
/// Threads: every method may be called from any thread. `fail_appends(n)` lets the next n appends fail before anything
/// is kept; `lose_answers(n)` keeps the events but answers `unavailable`, as a peer does whose answer is lost on the
/// way.
#include <condition_variable>
#include <mutex>
#include <set>

#include "services/events/events.h"

namespace larmor::events {

class MemoryLog final : public EventLog {
 public:
  Result<Seq> append(std::span<const NewEvent> fresh, const Call&) override {
    const std::lock_guard lock(mutex_);
    if (failures_ > 0) return --failures_, fail(Code::unavailable, "the event log is away");
    for (const auto& event : fresh) {
      if (!event.key.empty() && !keys_.insert(event.key).second) continue;
      Event kept;
      static_cast<NewEvent&>(kept) = event;
      kept.seq = static_cast<Seq>(events_.size()) + 1;
      kept.at = system_clock().now();
      events_.push_back(std::move(kept));
    }
    arrived_.notify_all();
    if (lost_answers_ > 0) return --lost_answers_, fail(Code::unavailable, "the answer was lost");
    return static_cast<Seq>(events_.size());
  }

  Result<Page> read(const Query& query, const Call&) override {
    std::unique_lock lock(mutex_);
    arrived_.wait_for(lock, query.wait, [&] { return !matching(query).events.empty(); });
    return matching(query);
  }

  Result<Seq> cursor(const std::string& reader, const Call&) override {
    const std::lock_guard lock(mutex_);
    return cursors_[reader];
  }

  Result<void> advance(const std::string& reader, Seq seq, const Call&) override {
    const std::lock_guard lock(mutex_);
    cursors_[reader] = std::max(cursors_[reader], seq);
    return {};
  }

  void fail_appends(int n) {
    const std::lock_guard lock(mutex_);
    failures_ = n;
  }
  void lose_answers(int n) {
    const std::lock_guard lock(mutex_);
    lost_answers_ = n;
  }

  /// Everything whose type begins with `prefix`, for assertions.
  std::vector<Event> all(std::string_view prefix = "") const {
    const std::lock_guard lock(mutex_);
    std::vector<Event> found;
    for (const auto& event : events_)
      if (event.type.starts_with(prefix)) found.push_back(event);
    return found;
  }

 private:
  Page matching(const Query& query) const {
    const auto wanted = [&](const std::string& type) {
      return query.types.empty() || std::ranges::any_of(query.types, [&](const std::string& t) {
               return t.ends_with('.') ? type.starts_with(t) : type == t;
             });
    };
    Page page{{}, static_cast<Seq>(events_.size())};
    for (std::size_t i = 0; i < events_.size(); ++i) {
      const auto& event = query.newest_first ? events_[events_.size() - 1 - i] : events_[i];
      if (event.seq <= query.after || (query.before > 0 && event.seq >= query.before) || !wanted(event.type) ||
          (!query.study.empty() && event.study != query.study))
        continue;
      if (static_cast<int>(page.events.size()) == query.limit) break;
      page.events.push_back(event);
    }
    if (static_cast<int>(page.events.size()) == query.limit) page.next = page.events.back().seq;
    return page;
  }

  mutable std::mutex mutex_;
  std::condition_variable arrived_;
  std::vector<Event> events_;
  std::set<std::string> keys_;
  std::map<std::string, Seq> cursors_;
  int failures_ = 0, lost_answers_ = 0;
};

}  // namespace larmor::events

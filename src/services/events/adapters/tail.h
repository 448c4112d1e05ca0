#pragma once
/// The newest events in memory: who keeps up with the log reads no disk and parses nothing.
///
/// Owns: at most `most` events, without a gap up to the newest one of the log. Not synchronised: whoever owns it locks.
#include <deque>
#include <memory>
#include <vector>

#include "services/events/events.h"

namespace larmor::events {

using SharedEvents = std::vector<std::shared_ptr<const Event>>;

class Tail {
 public:
  /// `last`: newest number in the log so far.
  Tail(std::size_t most, Seq last) : most_(most), next_(last + 1) {}

  /// In order, the first one right behind the newest.
  void add(const SharedEvents&);
  /// Whether everything after `seq` is here.
  bool reaches(Seq seq) const { return seq + 1 >= next_ - static_cast<Seq>(events_.size()); }
  /// What the query asks for, ascending. `query.after` must be within reach.
  SharedEvents find(const Query&) const;

 private:
  std::size_t most_;
  Seq next_;  ///< of the event that comes next
  std::deque<std::shared_ptr<const Event>> events_;
};

}  // namespace larmor::events

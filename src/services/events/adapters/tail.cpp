#include "services/events/adapters/tail.h"

#include "services/events/core/check.h"

namespace larmor::events {

void Tail::add(const SharedEvents& fresh) {
  events_.insert(events_.end(), fresh.begin(), fresh.end());
  next_ += static_cast<Seq>(fresh.size());
  if (events_.size() > most_) events_.erase(events_.begin(), events_.end() - static_cast<std::ptrdiff_t>(most_));
}

SharedEvents Tail::find(const Query& query) const {
  SharedEvents found;
  const auto first = next_ - static_cast<Seq>(events_.size());
  for (auto i = static_cast<std::size_t>(std::max<Seq>(query.after + 1 - first, 0)); i < events_.size(); ++i) {
    const auto& event = events_[i];
    if (query.before > 0 && event->seq >= query.before) break;
    if (!chosen(query, *event)) continue;
    found.push_back(event);
    if (found.size() == static_cast<std::size_t>(query.limit)) break;
  }
  return found;
}

}  // namespace larmor::events

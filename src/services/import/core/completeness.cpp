#include "services/import/core/completeness.h"

#include <fmt/format.h>

#include <algorithm>

namespace larmor::importing {
namespace {

std::string span_words(Duration d) {
  const auto s = seconds(d);
  return s < 10 ? fmt::format("{:.1f} s", s) : fmt::format("{:.0f} s", s);
}

Decision wait_until(Time when, std::string why) {
  return {false, "", std::move(why), when, false};
}

std::string gap_words(const Gaps& g) {
  return fmt::format("{} slice{} missing, the first between {:.1f} and {:.1f} mm", g.missing,
                     g.missing == 1 ? " is" : "s are", g.from_mm, g.to_mm);
}

/// The sender that says more is coming, if any.
const OpenSender* holding(const Known& k) {
  const auto found = std::find_if(k.open.begin(), k.open.end(),
                                  [](const OpenSender& s) { return s.busy != OpenSender::Busy::elsewhere; });
  return found == k.open.end() ? nullptr : &*found;
}

/// What else a reader of the final reason should know.
std::string remarks(const Known& k, const Policy& p) {
  std::string text;
  if (const auto* s = holding(k))
    text += fmt::format("; an association of {} is still open, but sent nothing for {}", s->calling,
                        span_words(p.most_wait));
  else if (!k.open.empty())
    text += fmt::format("; {} has moved on to another study", k.open.front().calling);
  else
    text += "; no association of the sender is open";
  if (k.archive && *k.archive > k.instances)
    text += fmt::format("; the archive lists {} instances, which did not come", *k.archive);
  else if (k.archive_silent)
    text += "; the archive did not answer";
  if (k.gaps.missing > 0) text += fmt::format("; {}", gap_words(k.gaps));
  return text;
}

}  // namespace

Decision decide(const Known& k, Time now, const Policy& p) {
  const auto bound = k.last + p.most_wait;
  if (const auto* sender = holding(k); sender && now < bound)
    return wait_until(bound, fmt::format("association of {} still open", sender->calling));

  const auto settled = k.last + p.settle;
  const auto answer_due = k.last + p.quiet + p.archive_patience;
  if (p.ask_archive && !k.archive && !k.archive_silent && now >= settled && now < answer_due) {
    auto d = wait_until(answer_due, "the archive is being asked how many instances it has");
    d.ask_archive = true;
    return d;
  }
  if (k.archive && *k.archive <= k.instances) {
    if (now < settled) return wait_until(settled, "the archive's count agrees; waiting for it to settle");
    return {true, "archive_count", fmt::format("the archive lists {} instances, and all have arrived", *k.archive), now,
            false};
  }
  if (k.archive && now < bound) {
    auto d = wait_until(bound, fmt::format("the archive lists {} instances, {} have arrived", *k.archive, k.instances));
    d.ask_archive = true;
    return d;
  }
  const auto patience = k.gaps.missing > 0 ? p.quiet * p.gap_factor : p.quiet;
  if (now < k.last + patience) {
    const auto progress = fmt::format("quiet for {} of {}", span_words(std::max<Duration>(now - k.last, Duration(0))),
                                      span_words(patience));
    const bool asks_soon = p.ask_archive && !k.archive && !k.archive_silent && now < settled;
    return wait_until(asks_soon ? std::min(settled, k.last + patience) : k.last + patience,
                      k.gaps.missing > 0 ? fmt::format("{}: {}", gap_words(k.gaps), progress) : progress);
  }
  return {true, "quiet", fmt::format("nothing arrived for {}{}", span_words(now - k.last), remarks(k, p)), now, false};
}

}  // namespace larmor::importing

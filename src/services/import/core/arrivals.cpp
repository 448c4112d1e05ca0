#include "services/import/core/arrivals.h"

#include <cmath>

namespace larmor::importing {
namespace {

constexpr auto kRemember = 60s;  // a study after it was complete: late images are common then
constexpr std::size_t kMostPositions = 100'000;
constexpr auto kIdle = 3600s;

std::string text(const Json& fields, const char* name) {
  return member_or<std::string>(fields, name, "").value_or("");
}

}  // namespace

std::int64_t ArchiveCount::total() const {
  std::int64_t sum = 0;
  for (const auto& [uid, count] : series) sum += count;
  return sum;
}

void Arrivals::apply(const events::Event& e) {
  if (e.type.starts_with("association.")) return association_changed(e);
  if (e.study.empty()) return;
  const bool stored = e.type == "instance.stored";
  const bool again = e.type == "instance.duplicate" || e.type == "instance.conflict";
  const bool ours = e.type == "study.complete" || e.type == "study.late" || e.type == "series.complete";
  if (e.type.starts_with("prior.")) return asked(e);
  if ((!stored && !again && !ours) || ((stored || again) && text(e.fields, "way") == "result")) return;
  if (stored && was_asked_for(e)) return delivered(e);
  const bool is_new = stored || (again && arrives_after_all(e));
  if (again && !is_new && !studies_.contains(e.study)) return;  // nothing new came
  if (stored || again) delivered(e);
  auto& study = studies_[e.study];
  if (e.seq <= study.through) return;
  study.through = e.seq;
  if (stored || again) {
    arrived(study, e, is_new);
  } else if (e.type == "study.complete") {
    completed(study, e);
  } else if (e.type == "study.late") {
    study.late_said = true;
  } else {
    auto& series = study.series[SeriesUid(text(e.fields, "series"))];
    series.said = member_or<std::int64_t>(e.fields, "instances", 0).value_or(0);
  }
}

/// From prior.requested to prior.arrived, bounded where nobody lived to say the latter.
void Arrivals::asked(const events::Event& e) {
  auto& asked = asked_[e.study];
  asked.begins = e.type == "prior.requested" ? e.seq : 0;
  asked.until = e.at + policy_.most_wait;
}

bool Arrivals::is_asked_for(const StudyUid& study) const {
  const auto a = asked_.find(study);
  return a != asked_.end() && a->second.begins > 0;
}

/// Does the image come because processing asked for it? Then no study arrives with it.
bool Arrivals::was_asked_for(const events::Event& e) {
  if (!is_asked_for(e.study)) return false;
  auto& asked = asked_[e.study];
  if (e.at > asked.until) return false;
  if (asked.instances.size() < kMostPositions) asked.instances.insert(text(e.fields, "instance"));
  return true;
}

/// Does an image that was only asked for so far come from a sender now? Then its study arrives like any other.
bool Arrivals::arrives_after_all(const events::Event& e) {
  const auto a = asked_.find(e.study);
  return a != asked_.end() && a->second.begins == 0 && a->second.instances.erase(text(e.fields, "instance")) > 0;
}

/// The association's last object tells what it is busy with.
void Arrivals::delivered(const events::Event& e) {
  const auto a = associations_.find(text(e.fields, "association"));
  if (a == associations_.end()) return;
  const auto before = std::exchange(a->second.study, e.study);
  a->second.series = SeriesUid(text(e.fields, "series"));
  if (before != e.study && !before.empty()) touch(before);
}

void Arrivals::arrived(Study& study, const events::Event& e, bool is_new) {
  if (study.complete && !is_new) return;
  if (study.begins == 0 || study.complete) study.begins = e.seq;
  if (study.instances == 0) study.first = e.at;
  study.complete = false;
  study.last = std::max(study.last, e.at);
  study.look = Time{};
  study.archive.reset();
  study.archive_silent = false;
  study.asked = 0;
  study.ask_not_before = Time{};
  study.senders.insert({text(e.fields, "sender"), text(e.fields, "address")});
  auto& series = study.series[SeriesUid(text(e.fields, "series"))];
  series.last = std::max(series.last, e.at);
  if (!is_new) return;
  ++study.instances;
  ++series.instances;
  if (const auto z = member_or<double>(e.fields, "position_mm", std::nan("")); z && !std::isnan(*z)) {
    auto& stack = series.stacks[text(e.fields, "orientation")];
    if (stack.size() < kMostPositions) stack.push_back(*z);
    series.gaps.reset();
  }
}

void Arrivals::completed(Study& study, const events::Event& e) {
  const auto generation = member_or<int>(e.fields, "generation", 1).value_or(1);
  if (generation <= study.generation) return;
  study.generation = generation;
  study.completed = e.at;
  study.late_said = false;
  // An image that was stored between the decision and this event came late, though the log shows it first.
  study.complete = member_or<std::int64_t>(e.fields, "instances", 0).value_or(0) >= study.instances;
  study.look = Time{};
}

void Arrivals::association_changed(const events::Event& e) {
  const auto id = text(e.fields, "association");
  if (e.type == "association.opened") {
    associations_.insert({id, {e.seq, text(e.fields, "calling"), text(e.fields, "address"), {}, {}}});
  } else if (const auto a = associations_.find(id); a != associations_.end()) {
    const auto gone = a->second;
    associations_.erase(a);
    if (!gone.study.empty()) touch(gone.study);
    for (auto& [uid, study] : studies_)
      if (study.senders.contains({gone.calling, gone.address})) study.look = Time{};
  }
}

void Arrivals::touch(const StudyUid& uid) {
  if (const auto s = studies_.find(uid); s != studies_.end()) s->second.look = Time{};
}

void Arrivals::archive_says(const StudyUid& uid, const std::optional<ArchiveCount>& count, Time asked, Time now) {
  const auto s = studies_.find(uid);
  if (s == studies_.end()) return;
  auto& study = s->second;
  study.asking = false;
  study.look = Time{};
  if (asked < study.last) return;  // more has arrived since: ask again
  study.archive = count;
  study.archive_silent = !count.has_value();
  study.ask_not_before = now + std::min<Duration>(1s * (1 << std::min(study.asked, 5)), 15s);
}

const Gaps& Arrivals::gaps_of(const Series& series) const {
  if (!series.gaps) {
    series.gaps = Gaps{};
    for (const auto& [orientation, positions] : series.stacks)
      if (const auto g = find_gaps(positions); g.missing > series.gaps->missing) series.gaps = g;
  }
  return *series.gaps;
}

std::vector<OpenSender> Arrivals::open_senders(const StudyUid& uid, const Study& study, const SeriesUid* only) const {
  std::vector<OpenSender> open;
  for (const auto& [id, a] : associations_) {
    if (!study.senders.contains({a.calling, a.address})) continue;
    using enum OpenSender::Busy;
    const bool ours = a.study == uid && (!only || a.series == *only);
    open.push_back({a.calling, a.study.empty() ? nowhere_yet : ours ? here : elsewhere});
  }
  return open;
}

Known Arrivals::known(const StudyUid& uid, const Study& study) const {
  Known k{study.instances,
          static_cast<std::int64_t>(study.series.size()),
          study.last,
          open_senders(uid, study, nullptr),
          std::nullopt,
          study.archive_silent,
          {}};
  if (study.archive) k.archive = study.archive->total();
  for (const auto& [series_uid, series] : study.series)
    if (const auto& g = gaps_of(series); g.missing > k.gaps.missing) k.gaps = g;
  return k;
}

Known Arrivals::known(const StudyUid& uid, const Study& study, const SeriesUid& series_uid) const {
  const auto& series = study.series.at(series_uid);
  Known k{series.instances, 1, series.last, open_senders(uid, study, &series_uid), std::nullopt, study.archive_silent,
          gaps_of(series)};
  if (study.archive) {
    const auto found = study.archive->series.find(series_uid);
    if (found != study.archive->series.end()) k.archive = found->second;
  }
  return k;
}

Arrivals::Step Arrivals::step(Time now) {
  Step step;
  step.again = now + kIdle;
  for (auto& [uid, study] : studies_) {
    if (study.complete) continue;
    if (study.look <= now) {
      step_study(uid, study, now, step);
      if (study.complete) continue;
    }
    step.again = std::min(step.again, study.look);
  }
  forget(now);
  return step;
}

void Arrivals::step_study(const StudyUid& uid, Study& study, Time now, Step& step) {
  if (study.generation > 0 && !study.late_said) {
    study.late_said = true;
    step.say.push_back(
        {"study.late",
         "import",
         uid,
         {{"generation", study.generation}, {"series", study.series.size()}, {"instances", study.instances}},
         fmt::format("study.late/{}/{}", uid, study.generation)});
  }
  const auto d = decide(known(uid, study), now, policy_);
  study.look = d.again;
  step_series(uid, study, now, d.complete, step);
  if (d.ask_archive) {
    if (!study.asking && now >= study.ask_not_before) {
      step.ask.push_back(uid);
      ++study.asked;
      study.asking = true;
    } else if (!study.asking) {
      study.look = std::min(study.look, study.ask_not_before);
    }
  }
  if (!d.complete) return;
  study.complete = true;
  study.completed = now;
  study.late_said = false;
  ++study.generation;
  step.say.push_back({"study.complete",
                      "import",
                      uid,
                      {{"generation", study.generation},
                       {"series", study.series.size()},
                       {"instances", study.instances},
                       {"clue", d.clue},
                       {"reason", d.reason},
                       {"waited_s", seconds(now - study.last)}},
                      fmt::format("study.complete/{}/{}", uid, study.generation)});
}

void Arrivals::step_series(const StudyUid& uid, Study& study, Time now, bool study_complete, Step& step) {
  auto policy = policy_;
  policy.ask_archive = false;  // the study asks for all of its series
  for (auto& [series_uid, series] : study.series) {
    if (series.said >= series.instances) continue;
    auto d = decide(known(uid, study, series_uid), now, policy);
    if (!d.complete && !study_complete) {
      study.look = std::min(study.look, d.again);
      continue;
    }
    if (!d.complete) d.clue = "study", d.reason = "its study is complete";
    series.said = series.instances;
    step.say.push_back({"series.complete",
                        "import",
                        uid,
                        {{"series", series_uid.str()},
                         {"instances", series.instances},
                         {"clue", d.clue},
                         {"reason", d.reason},
                         {"waited_s", seconds(now - series.last)}},
                        fmt::format("series.complete/{}/{}/{}", uid, series_uid, series.instances)});
  }
}

void Arrivals::forget(Time now) {
  std::erase_if(studies_, [&](const auto& s) { return s.second.complete && now - s.second.completed > kRemember; });
  std::erase_if(asked_, [&](const auto& a) { return !studies_.contains(a.first) && now > a.second.until; });
}

events::Seq Arrivals::settled(events::Seq read_up_to) const {
  auto settled = read_up_to;
  for (const auto& [uid, study] : studies_)
    if (!study.complete && study.begins > 0) settled = std::min(settled, study.begins - 1);
  for (const auto& [id, a] : associations_) settled = std::min(settled, a.opened - 1);
  for (const auto& [uid, a] : asked_)
    if (a.begins > 0) settled = std::min(settled, a.begins - 1);
  return settled;
}

std::vector<ArrivalView> Arrivals::views(Time now) const {
  std::vector<ArrivalView> views;
  for (const auto& [uid, s] : studies_)
    if (!s.complete)
      views.push_back({uid, static_cast<std::int64_t>(s.series.size()), s.instances, s.first, s.last,
                       decide(known(uid, s), now, policy_).reason});
  return views;
}

std::vector<std::string> Arrivals::open_associations() const {
  std::vector<std::string> ids;
  for (const auto& [id, a] : associations_) ids.push_back(id);
  return ids;
}

}  // namespace larmor::importing

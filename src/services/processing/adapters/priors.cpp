#include "services/processing/adapters/priors.h"

#include "base/text.h"
#include "services/processing/adapters/inputs.h"
#include "services/processing/adapters/scans.h"

namespace larmor::processing {
namespace {

constexpr Bounds kBounds;
constexpr int kMostFetches = 3;

class Search {
 public:
  Search(const PriorRequest& request, const PriorOptions& options, const Peers& peers)
      : request_(request),
        options_(options),
        peers_(peers),
        patience_{std::chrono::steady_clock::now() + options.patience, request.go_on} {}

  Result<Json> run() {
    const auto own = TRY(scans_of(peers_.storage, peers_.events, request_.study, request_.scratch));
    const auto best = best_t1(own);
    if (!best) return Json();
    now_ = own[*best];
    earlier_ = TRY(earlier_in_storage(peers_.storage, peers_.events, now_, request_.scratch, kBounds.studies));
    for (const auto& name : request_.archives) CHECK_OK(ask(name));
    const auto choice = TRY(choose());
    if (choice.chosen) {
      const auto& scan = choice.considered[*choice.chosen].scan;
      TRY(fetch_series(peers_.storage, scan.study, scan.series, request_.into, request_.room, request_.go_on));
    }
    auto told = to_json(choice, troubles_);
    CHECK_OK(tell(told));
    return told;
  }

 private:
  Result<void> ask(const std::string& name) {
    const auto archive = archive_of(name);
    if (!archive) return trouble(fmt::format("no archive is called '{}'", name));
    request_.step(fmt::format("asking {} for earlier studies", name));
    auto found = earlier_in_archive(*archive, now_, earlier_, kBounds, patience_);
    if (!found) return trouble(std::move(found).error());
    std::ranges::move(*found, std::back_inserter(earlier_));
    return {};
  }

  /// Chooses, fetches what was chosen, and chooses again with what its images tell, until the chosen one is here.
  Result<Choice> choose() {
    for (int fetches = 0;;) {
      auto choice = choose_prior(now_, earlier_);
      if (!choice.chosen || choice.considered[*choice.chosen].scan.here) return choice;
      const auto scan = choice.considered[*choice.chosen].scan;
      if (++fetches > kMostFetches) {
        CHECK_OK(trouble(fmt::format("{} studies were fetched in vain", kMostFetches)));
        std::erase_if(earlier_, [](const Scan& s) { return !s.here; });
        continue;
      }
      const auto archive = archive_of(scan.where);
      request_.step(fmt::format("fetching an earlier study from {}", scan.where));
      CHECK_OK(say("prior.requested", scan, Json::object()));
      const auto moved = fetch_from(*archive, scan, patience_);
      const auto arrived = TRY(take_in(scan, moved));
      CHECK_OK(say("prior.arrived", scan, {{"instances", arrived}, {"error", moved ? "" : moved.error().what}}));
      if (moved) continue;
      std::erase_if(earlier_, [&](const Scan& s) { return s.where == scan.where && !s.here; });
      CHECK_OK(trouble(moved.error()));
    }
  }

  /// Puts what storage has of the series by now in the place of what the archive told. How many images that are.
  Result<std::int64_t> take_in(const Scan& asked, const Result<dimse::Moved>& moved) {
    const auto stored = storage::all_instances(peers_.storage, asked.study, asked.series, Call::within(30s));
    if (!stored && stored.error().code != Code::not_found) return Failure(stored.error());
    const auto count = stored ? static_cast<std::int64_t>(stored->size()) : 0;
    if (!moved) return count;
    Scan now_here = asked;
    now_here.here = true;
    if (count > 0)
      for (auto& s : TRY(scans_of(peers_.storage, peers_.events, asked.study, request_.scratch)))
        if (s.series == asked.series) now_here = std::move(s);
    now_here.where = asked.where;
    if (count < moved->completed)
      now_here.unfit =
          fmt::format("was sent elsewhere: {} of {} images came. {} must know {} by this machine's address", count,
                      moved->completed, asked.where, options_.archives.own);
    if (moved->failed > 0)
      now_here.unfit = fmt::format("came only in part: {} of {} images", count, moved->completed + moved->failed);
    for (auto& s : earlier_)
      if (s.series == asked.series) s = now_here;
    return count;
  }

  std::optional<Archive> archive_of(const std::string& name) const {
    const auto at = options_.archives.known.find(name);
    if (at == options_.archives.known.end()) return std::nullopt;
    return Archive{name, at->second, options_.archives.own};
  }

  Result<void> trouble(std::string words) {
    troubles_.push_back(std::move(words));
    return {};
  }
  /// What is wrong with an archive is told; a stop ends the run.
  Result<void> trouble(const Error& error) {
    if (!request_.go_on()) return fail(Code::cancelled, "the run was stopped");
    return trouble(error.what);
  }

  Result<void> say(const std::string& type, const Scan& scan, const Json& more) {
    Json fields{{"job", request_.job.str()},
                {"archive", scan.where},
                {"series", scan.series.str()},
                {"for", request_.study.str()}};
    fields.update(more);
    return append({type, "processing", scan.study, std::move(fields),
                   fmt::format("{}/{}/{}/{}", type, request_.job, request_.attempt, scan.series)});
  }

  Result<void> tell(const Json& told) {
    Json fields{{"job", request_.job.str()}, {"words", told["words"]}, {"considered", told["considered"]}};
    if (told.contains("chosen")) fields["chosen"] = told["chosen"];
    return append({told.contains("chosen") ? "prior.chosen" : "prior.none", "processing", request_.study,
                   std::move(fields), fmt::format("prior/{}/{}", request_.job, request_.attempt)});
  }

  Result<void> append(const events::NewEvent& event) {
    TRY(peers_.events.append({&event, 1}, Call::within(30s)));
    return {};
  }

  const PriorRequest& request_;
  const PriorOptions& options_;
  const Peers& peers_;
  const Patience patience_;
  Scan now_;
  std::vector<Scan> earlier_;
  std::vector<std::string> troubles_;
};

}  // namespace

Result<Json> find_prior(const PriorRequest& request, const PriorOptions& options, const Peers& peers) {
  return Search(request, options, peers).run();
}

}  // namespace larmor::processing

#include "services/processing/adapters/run.h"

#include <fcntl.h>

#include "base/file.h"
#include "base/file_source.h"
#include "base/log.h"
#include "base/random.h"
#include "services/processing/adapters/child.h"
#include "services/processing/adapters/inputs.h"
#include "services/processing/adapters/priors.h"
#include "services/processing/core/lines.h"

namespace larmor::processing {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLargestResult = 8 << 20, kLargestStory = 64 << 10;

/// A folder that is gone at the end of its scope, with whatever a pipeline left in it.
class Scratch {
 public:
  static Result<Scratch> make(const fs::path& parent, const JobId& job) {
    auto path = parent / fmt::format("{}-{}", job, random_token().substr(0, 8));
    std::error_code error;
    fs::create_directories(path / "in", error);
    if (!error) fs::create_directories(path / "out", error);
    if (!error) fs::permissions(path, fs::perms::owner_all, error);
    if (error) return fail_with(file_error("make the scratch folder", path, error.value()));
    return Scratch(std::move(path));
  }
  Scratch(Scratch&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  ~Scratch() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  const fs::path& path() const { return path_; }

 private:
  explicit Scratch(fs::path path) : path_(std::move(path)) {}
  fs::path path_;
};

/// What a pipeline needs of our own environment, and no more.
std::vector<std::string> environment_of(const fs::path& folder, int threads) {
  std::vector<std::string> kept = {"HOME=" + folder.string(), "TMPDIR=" + folder.string(), "LANG=C.UTF-8",
                                   fmt::format("OMP_NUM_THREADS={}", threads)};
  for (char** at = ::environ; *at; ++at) {
    const std::string_view entry = *at;
    for (const auto* wanted :
         {"PATH=", "LD_LIBRARY_PATH=", "DCMDICTPATH=", "LARMOR_", "ASAN_OPTIONS=", "LSAN_OPTIONS=", "UBSAN_OPTIONS="})
      if (entry.starts_with(wanted)) kept.emplace_back(entry);
  }
  return kept;
}

/// Events are read again and again; what is too long for one stays with the result.
Json for_the_story(const Json& findings) {
  if (findings.dump(-1, ' ', false, Json::error_handler_t::replace).size() <= kLargestStory) return findings;
  return {{"left_out", "too long for an event; see the result"}};
}

}  // namespace

Result<Order> order_of(const dispatch::NewJob& work, const std::vector<std::string>& pipelines) {
  constexpr std::string_view kQueue = "pipeline/";
  if (!work.queue.starts_with(kQueue)) return fail(Code::invalid, "'{}' is no queue of pipelines", work.queue);
  Order order{work.queue.substr(kQueue.size())};
  if (std::ranges::find(pipelines, order.pipeline) == pipelines.end())
    return fail(Code::unsupported, "there is no pipeline '{}'; there are {}", order.pipeline,
                fmt::join(pipelines, ", "));
  order.generation = TRY(member_or<std::int64_t>(work.arguments, "generation", 1));
  order.send_to = TRY(member_or<std::vector<std::string>>(work.arguments, "send_to", {}));
  order.priors_from = TRY(member_or<std::vector<std::string>>(work.arguments, "priors_from", {}));
  if (work.study.empty()) return fail(Code::invalid, "the job names no study");
  return order;
}

void Run::perform() {
  auto ended = outcome();
  if (heartbeat_.lost()) return;  // whoever holds the job now will say how it ended
  heartbeat_.expect_the_end();
  if (ended) return settle(*ended);
  if (ended.error().code == Code::cancelled) {
    if (const auto released = peers_.dispatch.release(lease_, Call::within(5s)); !released)
      log::warn("processing", "job {} was not given back: {}", lease_.job, to_string(released.error()));
    return;
  }
  settle({ended.error(), {}});
}

void Run::settle(const dispatch::Outcome& outcome) {
  if (outcome.error) log::warn("processing", "job {} failed: {}", lease_.job, to_string(*outcome.error));
  for (int attempt = 0; attempt < 5 && !heartbeat_.lost(); ++attempt) {
    const auto finished = peers_.dispatch.finish(lease_, outcome, Call::within(10s));
    if (finished || !row(finished.error().code).retryable) return;
    log::warn("processing", "the end of job {} could not be told: {}", lease_.job, to_string(finished.error()));
    if (!heartbeat_.go_on()) return;
    std::this_thread::sleep_for(500ms);
  }
}

Result<dispatch::Outcome> Run::outcome() {
  const auto order = TRY(order_of(lease_.work, options_.pipelines));
  // An earlier attempt kept its result and stopped before it could say so: saying so is all that is left to do.
  if (const auto kept = TRY(store_.find(lease_.job))) return tell(order, *kept);
  const auto scratch = TRY(Scratch::make(options_.scratch, lease_.job));
  heartbeat_.progress({0, "fetching"});
  const auto begin = std::chrono::steady_clock::now();
  const auto fetched = TRY(fetch_images(peers_.storage, peers_.events, lease_.work.study, scratch.path() / "in",
                                        options_.limits.disk_bytes, [&] { return heartbeat_.go_on(); }));
  if (fetched.instances == 0) return refuse(order, {"the study has no images"});
  const auto took = std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now() - begin);
  log::note("processing", "job {}: {} of {} images in {} series fetched in {:.2f} s", lease_.job, order.pipeline,
            fetched.instances, fetched.series, seconds(took));
  const auto priors = TRY(find_prior_for(order, scratch.path(), options_.limits.disk_bytes - fetched.bytes));
  const auto ending = TRY(run_pipeline(order, scratch.path(), priors));
  if (ending.how == Ending::How::stopped) return fail(Code::cancelled, "the run was stopped");
  return judged(order, ending, scratch.path() / "out");
}

Result<Json> Run::find_prior_for(const Order& order, const fs::path& folder, std::uint64_t room) {
  if (!options_.comparing.contains(order.pipeline)) return Json();
  const PriorRequest request{.study = lease_.work.study,
                             .job = lease_.job,
                             .attempt = lease_.attempt,
                             .archives = order.priors_from,
                             .into = folder / "prior",
                             .scratch = folder,
                             .room = room,
                             .go_on = [&] { return heartbeat_.go_on(); },
                             .step =
                                 [&](std::string step) {
                                   heartbeat_.progress({0, std::move(step)});
                                 }};
  return find_prior(request, options_.priors, peers_);
}

Result<Ending> Run::run_pipeline(const Order& order, const fs::path& folder, const Json& priors) {
  const Json job{{"job", lease_.job.str()},
                 {"study", lease_.work.study.str()},
                 {"pipeline", order.pipeline},
                 {"generation", order.generation},
                 {"attempt", lease_.attempt},
                 {"arguments", lease_.work.arguments},
                 {"priors", priors}};
  std::vector<std::string> words = {
      "pipeline",     order.pipeline, "--in",     folder / "in", "--out",
      folder / "out", "--job",        job.dump(), "--threads",   std::to_string(options_.limits.threads)};
  if (priors.contains("chosen")) words.insert(words.end(), {"--prior", folder / "prior"});
  words.insert(words.end(), options_.arguments.begin(), options_.arguments.end());
  const ChildProgram program{options_.executable, std::move(words), environment_of(folder, options_.limits.threads),
                             folder};
  const auto on_line = [&](std::string_view line) {
    if (auto progress = parse_progress(line)) heartbeat_.progress({progress->fraction, std::move(progress->step)});
  };
  return run_child(program, options_.limits, {on_line, [&] { return heartbeat_.go_on(); }});
}

Result<dispatch::Outcome> Run::judged(const Order& order, const Ending& ending, const fs::path& out) {
  std::optional<std::string> result;
  if (auto text = read_file(out / "result.json", kLargestResult)) result = std::move(*text);
  const auto verdict = judge(ending, result, options_.limits, lease_.attempt);
  if (const auto* failed = std::get_if<Failed>(&verdict))
    return dispatch::Outcome{failed->error, ending.last_words, Json::object(), failed->retry};
  if (const auto* refused = std::get_if<Refused>(&verdict)) return refuse(order, *refused);
  return keep(order, std::get<Findings>(verdict), out);
}

Result<std::vector<SopUid>> Run::store_objects(const Order& order, const Findings& found, const fs::path& out) {
  std::vector<SopUid> stored;
  const storage::Origin origin{"result", "pipeline/" + order.pipeline, "", lease_.job.str()};
  for (const auto& name : found.instances) {
    auto file = open_file(out / name, O_RDONLY | O_NOFOLLOW);
    if (!file) return fail(Code::unsupported, "the pipeline names the object {}, but did not write it", name);
    FileSource source(std::move(*file));
    const auto receipt = TRY(peers_.storage.put(source, origin, Call::within(60s)));
    if (receipt.study != lease_.work.study)
      return fail(Code::unsupported, "the pipeline made {} for another study ({})", name, receipt.study);
    stored.push_back(receipt.instance);
  }
  return stored;
}

Result<dispatch::Outcome> Run::keep(const Order& order, const Findings& found, const fs::path& out) {
  heartbeat_.progress({1, "storing"});
  Keepsake kept;
  kept.view.job = lease_.job;
  kept.view.study = lease_.work.study;
  kept.view.pipeline = order.pipeline;
  kept.view.version = found.version;
  kept.view.generation = order.generation;
  kept.view.made = peers_.clock.now();
  kept.view.findings = found.findings;
  kept.view.files = found.files;
  kept.view.instances = TRY(store_objects(order, found, out));
  kept.stages = found.stages;
  CHECK_OK(store_.keep(kept, out));
  return tell(order, kept);
}

Result<dispatch::Outcome> Run::tell(const Order& order, const Keepsake& kept) {
  const auto& view = kept.view;
  const events::NewEvent event{"results.stored",
                               "processing",
                               view.study,
                               {{"job", view.job.str()},
                                {"pipeline", view.pipeline},
                                {"version", view.version},
                                {"generation", view.generation},
                                {"instances", view.instances},
                                {"send_to", order.send_to},
                                {"findings", for_the_story(view.findings)},
                                {"stages", kept.stages}},
                               "results/" + view.job.str()};
  TRY(peers_.events.append({&event, 1}, Call::within(30s)));
  return dispatch::Outcome{{}, {}, {{"instances", view.instances.size()}, {"files", view.files}}};
}

Result<dispatch::Outcome> Run::refuse(const Order& order, const Refused& refused) {
  const events::NewEvent event{"results.refused",
                               "processing",
                               lease_.work.study,
                               {{"job", lease_.job.str()},
                                {"pipeline", order.pipeline},
                                {"generation", order.generation},
                                {"reason", refused.reason.substr(0, 2000)}},
                               "refused/" + lease_.job.str()};
  TRY(peers_.events.append({&event, 1}, Call::within(30s)));
  return dispatch::Outcome{{}, {}, {{"refused", refused.reason.substr(0, 2000)}}};
}

}  // namespace larmor::processing

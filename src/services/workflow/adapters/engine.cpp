#include "services/workflow/adapters/engine.h"

#include "base/log.h"
#include "services/workflow/core/actions.h"
#include "services/workflow/core/triggers.h"

namespace larmor::workflow {
namespace {

constexpr auto kReader = "workflow";
constexpr auto kWait = 1s;  // bounds how long a shutdown takes
constexpr auto kPatience = 30s;
constexpr int kPage = 100, kMostTroubles = 5;

/// A peer that is away will come back, and everything else would fail there too.
bool peer_is_away(const Error& error) {
  return error.code == Code::unavailable || error.code == Code::timed_out || error.code == Code::out_of_space;
}

std::int64_t generation_of(const Json& fields) {
  const auto at = fields.find("generation");
  return at != fields.end() && at->is_number_integer() ? at->get<std::int64_t>() : 1;
}

std::string decision_key(const Rule& rule, const events::Event& event) {
  return fmt::format("workflow/{}/{}", rule.name, event.seq);
}

void sleep(const std::stop_token& stopping, Duration most) {
  const auto end = std::chrono::steady_clock::now() + most;
  while (!stopping.stop_requested() && std::chrono::steady_clock::now() < end) std::this_thread::sleep_for(20ms);
}

std::filesystem::file_time_type time_of(const std::filesystem::path& file) {
  std::error_code gone;
  return file.empty() ? std::filesystem::file_time_type{} : std::filesystem::last_write_time(file, gone);
}

}  // namespace

Result<std::unique_ptr<Engine>> Engine::start(EngineOptions options, const Sources& sources,
                                              dispatch::Dispatch& dispatch) {
  auto rules = TRY(load_rules(options.rules, options.known));
  return std::unique_ptr<Engine>(new Engine(std::move(options), std::move(rules), sources, dispatch));
}

Engine::Engine(EngineOptions options, std::vector<Rule> rules, const Sources& sources, dispatch::Dispatch& dispatch)
    : options_(std::move(options)),
      sources_(sources),
      dispatch_(dispatch),
      rules_(std::make_shared<const std::vector<Rule>>(std::move(rules))),
      loaded_(time_of(options_.rules)),
      thread_([this](const std::stop_token& stopping) { run(stopping); }) {}

Engine::~Engine() = default;

Engine::Ruleset Engine::in_force() const {
  const std::lock_guard lock(mutex_);
  return rules_;
}

void Engine::run(const std::stop_token& stopping) {
  bool well = true;
  while (!stopping.stop_requested()) {
    reload_if_changed();
    const auto read = read_on(stopping);
    if (!read && well) log::warn("workflow", "rules wait: {}", to_string(read.error()));
    if (read && !well) log::note("workflow", "rules are judged again");
    well = read.has_value();
    if (!well) sleep(stopping, 500ms);
  }
}

void Engine::reload_if_changed() {
  const auto now = std::chrono::steady_clock::now();
  if (options_.reload == 0s || options_.rules.empty() || now < next_look_) return;
  next_look_ = now + options_.reload;
  const auto time = time_of(options_.rules);
  if (time == loaded_) return;
  loaded_ = time;
  auto rules = load_rules(options_.rules, options_.known);
  if (!rules)
    return log::alarm("workflow", "the changed rules are left aside, the old ones stay in force: {}",
                      to_string(rules.error()));
  log::note("workflow", "{} rules are in force, read anew", rules->size());
  const std::lock_guard lock(mutex_);
  rules_ = std::make_shared<const std::vector<Rule>>(std::move(*rules));
}

Result<void> Engine::read_on(const std::stop_token& stopping) {
  const auto cursor = TRY(sources_.log.cursor(kReader, Call::within(kPatience)));
  const events::Query query{.after = cursor, .limit = kPage, .study = {}, .types = trigger_types(), .wait = kWait};
  const auto page = TRY(sources_.log.read(query, Call::within(kWait + kPatience)));
  Result<void> handled;
  events::Seq done = cursor;
  for (const auto& event : page.events) {
    if (stopping.stop_requested()) break;
    handled = handle(event);
    if (!handled) break;
    done = event.seq;
  }
  if (done > cursor) CHECK_OK(sources_.log.advance(kReader, done, Call::within(kPatience)));
  if (!handled) return handled;
  // Nothing of ours up to the end of the log: what others wrote need not be read again.
  if (page.events.empty() && page.last > cursor)
    return sources_.log.advance(kReader, page.last, Call::within(kPatience));
  return {};
}

Result<void> Engine::handle(const events::Event& event) {
  if (event.study.empty()) return {};
  if (troubled_ != event.seq) troubled_ = event.seq, troubles_ = 0;
  const auto in_force = this->in_force();
  std::vector<const Rule*> concerned;
  for (const auto& rule : *in_force)
    if (rule.trigger->type == event.type) concerned.push_back(&rule);
  if (concerned.empty()) return {};
  auto facts = facts_for(concerned, event.study);
  std::vector<events::NewEvent> decisions;
  for (const auto* rule : concerned) {
    auto told = facts ? act(*rule, event, decide(*rule, *facts, event.fields))
                      : Result<events::NewEvent>(Failure(facts.error()));
    if (!told) {
      if (peer_is_away(told.error())) return Failure(told.error());
      if (row(told.error().code).retryable && ++troubles_ < kMostTroubles) return Failure(told.error());
      told = TRY(act(*rule, event, {rule->name, false, "it could not be judged: " + told.error().what, Json::array()}));
      log::warn("workflow", "rule {} was passed over for study {}: {}", rule->name, event.study,
                told->fields["reason"].get<std::string>());
    }
    decisions.push_back(std::move(*told));
  }
  TRY(sources_.log.append(decisions, Call::within(kPatience)));
  return {};
}

Result<Facts> Engine::facts_for(std::span<const Rule* const> rules, const StudyUid& study) {
  std::vector<Subject> subjects;
  for (const auto* rule : rules) std::ranges::move(attributes_of(rule->condition), std::back_inserter(subjects));
  return gather(sources_, study, subjects);
}

Decision Engine::decide(const Rule& rule, Facts& facts, const Json& fields) const {
  facts.event = fields;
  const auto judgement = judge(rule.condition, facts);
  Decision decision{rule.name, judgement.holds, judgement.reason, Json::array()};
  if (judgement.holds)
    for (const auto& action : rule.actions) decision.actions.push_back(to_json(action));
  return decision;
}

Result<events::NewEvent> Engine::act(const Rule& rule, const events::Event& event, const Decision& decision) {
  const auto generation = generation_of(event.fields);
  Json fields{{"rule", rule.name}, {"reason", decision.reason}, {"generation", generation}, {"trigger", event.seq}};
  if (!decision.matched)
    return events::NewEvent{"rule.skipped", "workflow", event.study, std::move(fields), decision_key(rule, event)};
  Occasion occasion{rule.name, event.study, generation, event.seq, rule.trigger->once, {}};
  if (std::ranges::any_of(rule.actions, [](const Action& a) { return a.row->needs_instances; }))
    occasion.instances = TRY(instances_of(sources_, event.study));
  fields["jobs"] = Json::array();
  for (const auto& planned : plan(rule, occasion))
    fields["jobs"].push_back(TRY(dispatch_.enqueue(planned.work, Call::within(kPatience, planned.key))).str());
  return events::NewEvent{"rule.matched", "workflow", event.study, std::move(fields), decision_key(rule, event)};
}

Result<void> Engine::count_on(const Call& call) {
  for (;;) {
    const auto page = TRY(sources_.log.read({.after = counted_, .limit = 5000, .study = {}, .types = {"rule."}}, call));
    for (const auto& event : page.events) {
      auto& counts = counts_[event.fields.value("rule", "")];
      ++(event.type == "rule.matched" ? counts.matched : counts.skipped);
      counted_ = event.seq;
    }
    if (page.events.size() < 5000) {
      counted_ = std::max(counted_, page.last);
      return {};
    }
  }
}

Result<std::vector<RuleView>> Engine::rules(const Call& call) {
  const auto in_force = this->in_force();
  const std::lock_guard lock(counting_);
  CHECK_OK(count_on(call));
  std::vector<RuleView> views;
  for (const auto& rule : *in_force) {
    const auto& counts = counts_[rule.name];
    views.push_back({rule.name, std::string(rule.trigger->type), rule.text, rule.line, counts.matched, counts.skipped});
  }
  return views;
}

Result<std::vector<Decision>> Engine::dry_run(const StudyUid& study, const Call& call) {
  std::map<std::string_view, Json> last;  // by trigger: the fields of its newest event about this study
  events::Query query{.after = 0, .limit = 5000, .study = study, .types = trigger_types()};
  for (;;) {
    const auto page = TRY(sources_.log.read(query, call));
    for (const auto& event : page.events) last[find_trigger(event.type)->type] = event.fields;
    if (page.events.size() < 5000) break;
    query.after = page.events.back().seq;
  }
  const auto in_force = this->in_force();
  std::vector<const Rule*> all;
  for (const auto& rule : *in_force) all.push_back(&rule);
  auto facts = TRY(facts_for(all, study));
  std::vector<Decision> decisions;
  for (const auto* rule : all) {
    const auto type = rule->trigger->type;
    decisions.push_back(decide(*rule, facts, last.contains(type) ? last[type] : Json::object()));
  }
  return decisions;
}

}  // namespace larmor::workflow

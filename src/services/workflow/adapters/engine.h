#pragma once
/// Reads the event log from its cursor, judges rules, queues their jobs, and writes down each decision with its reason.
///
/// Order per event: jobs are queued (idempotency keys), decisions appended (keys), the cursor advanced. Whatever is cut
/// off by a crash is done again and has no second effect. Threads: its own, joined in the destructor; every method may
/// be called from any thread. Failures: while a peer is away the engine waits at the event; an event that cannot be
/// judged for any other reason is passed over, with that reason as the decision, so that one broken study holds up no
/// other.
#include <memory>
#include <mutex>
#include <thread>

#include "services/dispatch/dispatch.h"
#include "services/workflow/adapters/gather.h"
#include "services/workflow/adapters/rules_file.h"
#include "services/workflow/workflow.h"

namespace larmor::workflow {

struct EngineOptions {
  std::filesystem::path rules;  ///< empty: no rules
  Known known;
  Duration reload{2s};  ///< zero: never looks again
};

class Engine final : public Workflow {
 public:
  static Result<std::unique_ptr<Engine>> start(EngineOptions, const Sources&, dispatch::Dispatch&);
  ~Engine() override;
  Result<std::vector<RuleView>> rules(const Call&) override;
  Result<std::vector<Decision>> dry_run(const StudyUid&, const Call&) override;

 private:
  using Ruleset = std::shared_ptr<const std::vector<Rule>>;
  struct Counts {
    std::int64_t matched = 0, skipped = 0;
  };

  Engine(EngineOptions, std::vector<Rule>, const Sources&, dispatch::Dispatch&);
  void run(const std::stop_token&);
  Result<void> read_on(const std::stop_token&);
  Result<void> handle(const events::Event&);
  Result<events::NewEvent> act(const Rule&, const events::Event&, const Decision&);
  Result<Facts> facts_for(std::span<const Rule* const>, const StudyUid&);
  Decision decide(const Rule&, Facts&, const Json& fields) const;
  void reload_if_changed();
  Ruleset in_force() const;
  Result<void> count_on(const Call&);

  const EngineOptions options_;
  const Sources sources_;
  dispatch::Dispatch& dispatch_;
  mutable std::mutex mutex_;
  Ruleset rules_;
  std::mutex counting_;  ///< of the two below: the first count may take its time
  std::map<std::string, Counts> counts_;
  events::Seq counted_ = 0;  ///< decisions up to here are in counts_
  // Of the engine's thread alone:
  std::filesystem::file_time_type loaded_{};  ///< the file's time when it was last read
  std::chrono::steady_clock::time_point next_look_{};
  events::Seq troubled_ = 0;  ///< the event that could not be handled, and how often
  int troubles_ = 0;
  std::jthread thread_;
};

}  // namespace larmor::workflow

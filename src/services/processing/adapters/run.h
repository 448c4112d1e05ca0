#pragma once
/// One job's run, from its lease to its outcome. Used by one worker thread.
#include "services/processing/adapters/heartbeat.h"
#include "services/processing/adapters/workers.h"

namespace larmor::processing {

/// What the job's arguments say, judged.
struct Order {
  std::string pipeline;
  std::int64_t generation = 1;
  std::vector<std::string> send_to;
  std::vector<std::string> priors_from;  ///< archives to ask for earlier studies, beside storage
};

Result<Order> order_of(const dispatch::NewJob&, const std::vector<std::string>& pipelines);

/// Ends in finish(), release(), or, when the lease is lost, in nothing.
class Run {
 public:
  Run(const WorkersOptions& options, ResultStore& store, const Peers& peers, const dispatch::Lease& lease,
      Heartbeat& heartbeat)
      : options_(options), store_(store), peers_(peers), lease_(lease), heartbeat_(heartbeat) {}
  void perform();

 private:
  Result<dispatch::Outcome> outcome();
  Result<dispatch::Outcome> judged(const Order&, const Ending&, const std::filesystem::path& out);
  Result<dispatch::Outcome> keep(const Order&, const Findings&, const std::filesystem::path& out);
  Result<dispatch::Outcome> refuse(const Order&, const Refused&);
  Result<std::vector<SopUid>> store_objects(const Order&, const Findings&, const std::filesystem::path& out);
  Result<dispatch::Outcome> tell(const Order&, const Keepsake&);
  /// How an earlier scan was looked for; null where the pipeline compares nothing.
  Result<Json> find_prior_for(const Order&, const std::filesystem::path& folder, std::uint64_t room);
  Result<Ending> run_pipeline(const Order&, const std::filesystem::path& folder, const Json& priors);
  void settle(const dispatch::Outcome&);

  const WorkersOptions& options_;
  ResultStore& store_;
  const Peers& peers_;
  const dispatch::Lease& lease_;
  Heartbeat& heartbeat_;
};

}  // namespace larmor::processing

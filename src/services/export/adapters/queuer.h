#pragma once
/// Turns `results.stored` into one job per destination, from its own place in the event log (reader "export").
#include <set>
#include <thread>

#include "services/export/adapters/destination.h"

namespace larmor::exporting {

struct Order {
  StudyUid study;
  std::vector<std::string> instances;
  std::string result_of;  ///< the pipeline's job; empty when a person asked
  std::string destination;
  std::string key;  ///< same key, same job
};

/// Queues it and says so. The job.
Result<JobId> queue(const Order&, const Peers&, const Call&);

class Queuer {
 public:
  Queuer(std::set<std::string> destinations, const Peers&);
  ~Queuer();
  Queuer(const Queuer&) = delete;

 private:
  void follow(const std::stop_token&);
  Result<void> round();
  Result<void> take(const events::Event&);

  std::set<std::string> destinations_;
  Peers peers_;
  std::optional<events::Seq> read_;
  std::jthread thread_;
};

}  // namespace larmor::exporting

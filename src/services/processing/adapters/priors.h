#pragma once
/// The earlier scan of the patient that a run compares with: looked for in storage and in archives, chosen, brought
/// here and laid down for the pipeline.
///
/// Events about the earlier study: prior.requested, prior.arrived; import does not count what comes between them as
/// arriving, so that no analysis starts of it. About the study at hand: prior.chosen or prior.none.
/// Failures: `cancelled`, and those of storage and the log. An archive that is away, refuses or is slow is no failure:
/// it is told.
#include "services/processing/adapters/archive.h"
#include "services/processing/adapters/workers.h"

namespace larmor::processing {

struct PriorRequest {
  StudyUid study;
  JobId job;
  int attempt = 1;
  std::vector<std::string> archives;  ///< names of those to ask
  std::filesystem::path into;         ///< gets 0001/IMAGE.dcm where there is a prior
  std::filesystem::path scratch;
  std::uint64_t room = 0;  ///< bytes
  std::function<bool()> go_on;
  std::function<void(std::string step)> step;
};

/// How it was looked for, as in to_json(Choice); null where the study holds nothing that could be compared.
Result<Json> find_prior(const PriorRequest&, const PriorOptions&, const Peers&);

}  // namespace larmor::processing

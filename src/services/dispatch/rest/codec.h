#pragma once
/// Dispatch's values as JSON, for both ends of the wire. Fields are named as in dispatch.h; `invalid` points at the
/// wrong one.
#include "base/json.h"
#include "services/dispatch/dispatch.h"

namespace larmor::dispatch {

Json to_json(const NewJob&);
Json to_json(const Lease&);
Json to_json(const Progress&);
Json to_json(const Outcome&);
Json to_json(const Job&);
Json to_json(const JobPage&);
Json to_json(const QueueDepth&);

Result<NewJob> new_job_from_json(const Json&);
Result<Lease> lease_from_json(const Json&);
Result<Progress> progress_from_json(const Json&);
Result<Outcome> outcome_from_json(const Json&);
Result<Job> job_from_json(const Json&);
Result<JobPage> job_page_from_json(const Json&);
Result<QueueDepth> depth_from_json(const Json&);

Result<State> state_from(const std::string& name);
std::vector<std::string> names_of_states();
Result<Priority> priority_from(const std::string& name);

}  // namespace larmor::dispatch

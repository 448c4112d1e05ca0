#pragma once
/// Processing's values as JSON, for both ends of the wire and for the manifest of a kept result.
#include "base/json.h"
#include "services/processing/processing.h"

namespace larmor::processing {

Json to_json(const ResultView&);
Json to_json(const PipelineView&);
Json to_json(const WorkerView&);
Json to_json(const Feedback&);

Result<ResultView> result_from_json(const Json&);
Result<PipelineView> pipeline_from_json(const Json&);
Result<WorkerView> worker_from_json(const Json&);
Result<Feedback> feedback_from_json(const Json&);

}  // namespace larmor::processing

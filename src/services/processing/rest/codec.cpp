#include "services/processing/rest/codec.h"

namespace larmor::processing {

Json to_json(const ResultView& r) {
  return {{"job", r.job.str()},         {"study", r.study.str()},     {"pipeline", r.pipeline},
          {"version", r.version},       {"generation", r.generation}, {"superseded", r.superseded},
          {"made", to_rfc3339(r.made)}, {"findings", r.findings},     {"files", r.files},
          {"instances", r.instances}};
}

Result<ResultView> result_from_json(const Json& json) {
  ResultView r;
  r.job = JobId(TRY(member<std::string>(json, "job")));
  r.study = StudyUid(TRY(member<std::string>(json, "study")));
  r.pipeline = TRY(member<std::string>(json, "pipeline"));
  r.version = TRY(member<std::string>(json, "version"));
  r.generation = TRY(member<std::int64_t>(json, "generation"));
  r.superseded = TRY(member_or<bool>(json, "superseded", false));
  r.made = TRY(from_rfc3339(TRY(member<std::string>(json, "made"))));
  r.findings = TRY(member<Json>(json, "findings"));
  r.files = TRY(member<std::vector<std::string>>(json, "files"));
  r.instances = TRY(member<std::vector<SopUid>>(json, "instances"));
  return r;
}

Json to_json(const PipelineView& p) {
  return {{"name", p.name}, {"version", p.version}, {"about", p.about}, {"limits", p.limits}};
}

Result<PipelineView> pipeline_from_json(const Json& json) {
  return PipelineView{TRY(member<std::string>(json, "name")), TRY(member<std::string>(json, "version")),
                      TRY(member<std::string>(json, "about")), TRY(member<Json>(json, "limits"))};
}

Json to_json(const WorkerView& w) {
  return {{"id", w.id.str()},
          {"busy_with", w.busy_with},
          {"study", w.study.str()},
          {"fraction", w.fraction},
          {"step", w.step}};
}

Result<WorkerView> worker_from_json(const Json& json) {
  return WorkerView{WorkerId(TRY(member<std::string>(json, "id"))), TRY(member<std::string>(json, "busy_with")),
                    StudyUid(TRY(member<std::string>(json, "study"))), TRY(member<double>(json, "fraction")),
                    TRY(member<std::string>(json, "step"))};
}

Json to_json(const Feedback& f) {
  Json json{{"words", f.words}, {"structure", f.structure}};
  if (f.at_mm) json["at_mm"] = *f.at_mm;
  return json;
}

Result<Feedback> feedback_from_json(const Json& json) {
  Feedback f;
  f.words = TRY(member<std::string>(json, "words"));
  f.structure = TRY(member_or<std::string>(json, "structure", ""));
  if (json.contains("at_mm")) f.at_mm = TRY((member<std::array<double, 3>>(json, "at_mm")));
  return f;
}

}  // namespace larmor::processing

#include "services/processing/brain/findings.h"

#include "imaging/structures.h"
#include "services/processing/brain/rounded.h"

namespace larmor::processing::brain {
namespace {

/// "#rrggbb", as the report, the segmentation and the pages draw it.
std::string hex(imaging::Rgb c) {
  return fmt::format("#{:02x}{:02x}{:02x}", c.red, c.green, c.blue);
}

Json to_json(const Flag& flag) {
  Json out{{"code", flag.code},
           {"text", flag.text},
           {"severity", flag.severity == Severity::doubtful ? "doubtful" : "note"}};
  if (flag.value) out["value"] = rounded(*flag.value);
  if (flag.limit) out["limit"] = *flag.limit;
  if (!flag.unit.empty()) out["unit"] = flag.unit;
  return out;
}

}  // namespace

bool is_doubtful(const Findings& f) {
  return std::any_of(f.flags.begin(), f.flags.end(),
                     [](const Flag& flag) { return flag.severity == Severity::doubtful; });
}

std::string doubt(const Findings& f) {
  std::string out;
  for (const auto& flag : f.flags) {
    if (flag.severity != Severity::doubtful || out.find(flag.code) != std::string::npos) continue;
    out += (out.empty() ? "Doubtful result: " : ", ") + flag.code;
  }
  std::replace(out.begin(), out.end(), '_', ' ');
  return out;
}

Json to_json(const Evidence& e) {
  return {{"brain_ml", rounded(e.brain_ml)},       {"cerebrum_ml", rounded(e.cerebrum_ml)},
          {"white_share", rounded(e.white_share)}, {"cerebellum_share", rounded(e.cerebellum_share)},
          {"deep_ml", rounded(e.deep_ml)},         {"structures_found", e.found},
          {"symmetry", rounded(e.symmetry)},       {"confidence", rounded(e.confidence)},
          {"compactness", rounded(e.compactness)}, {"kept", rounded(e.kept)}};
}

Json to_json(const Findings& f) {
  Json volumes = Json::array(), flags = Json::array();
  for (const auto& m : f.structures) {
    const auto* s = imaging::structure(m.id);
    volumes.push_back({{"id", m.id},
                       {"name", s ? std::string(s->name) : fmt::format("structure {}", m.id)},
                       {"side", imaging::name(s ? s->side : imaging::Side::middle)},
                       {"ml", rounded(m.ml)},
                       {"confidence", rounded(m.confidence)}});
    if (s) volumes.back()["colour"] = hex(s->colour);
  }
  for (const auto& flag : f.flags) flags.push_back(to_json(flag));
  return {{"volumes", volumes},
          {"intracranial_ml", rounded(f.intracranial_ml)},
          {"confidence", rounded(f.confidence)},
          {"doubtful", is_doubtful(f)},
          {"flags", flags},
          {"evidence", to_json(f.evidence)},
          {"quality", to_json(f.quality)},
          {"lobes", to_json(f.lobes)},
          {"norms", to_json(f.healthy)}};
}

std::string to_csv(const Findings& f) {
  std::string out = "id,name,side,ml,confidence\n";
  for (const auto& m : f.structures) {
    const auto* s = imaging::structure(m.id);
    out += fmt::format("{},{},{},{:.3f},{:.3f}\n", m.id, s ? s->name : "",
                       imaging::name(s ? s->side : imaging::Side::middle), m.ml, m.confidence);
  }
  out += fmt::format("0,intracranial estimate,middle,{:.3f},\n", f.intracranial_ml);
  return out;
}

}  // namespace larmor::processing::brain

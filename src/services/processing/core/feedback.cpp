#include "services/processing/core/feedback.h"

#include <cmath>

namespace larmor::processing {
namespace {

constexpr std::size_t kLongestWords = 2000, kLongestStructure = 100;
constexpr double kFarthest = 1000;  // mm: no scanner reaches so far

Failure wrong(std::string_view field, std::string_view why) {
  return fail_with({Code::invalid, fmt::format("{} {}", field, why), "", fmt::format("/{}", field)});
}

}  // namespace

Result<void> check(const Feedback& feedback) {
  if (feedback.words.empty() || feedback.words.size() > kLongestWords)
    return wrong("words", fmt::format("must have 1 to {} bytes, not {}", kLongestWords, feedback.words.size()));
  if (feedback.structure.size() > kLongestStructure)
    return wrong("structure", fmt::format("is longer than {} bytes", kLongestStructure));
  for (const double mm : feedback.at_mm.value_or(std::array{0.0, 0.0, 0.0}))
    if (!(std::abs(mm) <= kFarthest)) return wrong("at_mm", fmt::format("is beyond {} mm", kFarthest));
  return {};
}

events::NewEvent event_of(const ResultView& result, const Feedback& feedback, const std::string& idempotency_key) {
  Json fields{{"job", result.job},
              {"pipeline", result.pipeline},
              {"version", result.version},
              {"structure", feedback.structure},
              {"words", feedback.words}};
  if (result.findings.is_object() && result.findings.contains("model")) fields["model"] = result.findings["model"];
  if (feedback.at_mm) fields["at_mm"] = *feedback.at_mm;
  const auto key = idempotency_key.empty() ? "" : fmt::format("feedback/{}/{}", result.job, idempotency_key);
  return {"feedback.given", "processing", result.study, std::move(fields), key};
}

}  // namespace larmor::processing

#include "services/workflow/make.h"

#include "base/file.h"
#include "services/processing/processing.h"
#include "services/workflow/adapters/engine.h"
#include "services/workflow/adapters/rules_file.h"
#include "services/workflow/settings.h"

namespace larmor::workflow {

Known known_names(const Settings& settings) {
  return {{processing::kBuiltInPipelines.begin(), processing::kBuiltInPipelines.end()},
          settings.chosen_names("export.destinations.")};
}

Result<std::unique_ptr<Workflow>> make(const std::filesystem::path& rules, const Settings& settings,
                                       events::EventLog& log, storage::Storage& storage, dispatch::Dispatch& dispatch) {
  return TRY(Engine::start({rules, known_names(settings), settings.seconds(kReload)}, {storage, log}, dispatch));
}

std::vector<Error> check_rules(const std::filesystem::path& rules, const Settings& settings) {
  if (rules.empty()) return {};
  const auto text = read_file(rules, 1 << 20);
  if (!text) return {text.error()};
  return parse_rules(*text, rules.filename().string(), known_names(settings)).errors;
}

}  // namespace larmor::workflow

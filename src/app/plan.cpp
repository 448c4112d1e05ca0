#include "app/plan.h"

#include "app/settings.h"

namespace larmor::app {
namespace {

std::filesystem::path rules_file(const Settings& settings, const std::optional<std::filesystem::path>& config) {
  std::filesystem::path rules = settings.text(kRulesFile);
  if (!config) return rules;
  return rules.empty() ? *config : config->parent_path() / rules;  // an absolute path stays as it is
}

}  // namespace

Result<Plan> plan_of(const ConfigSource& source) {
  auto settings = TRY(load(source));
  const std::filesystem::path data = settings.text(kDataDirectory);
  std::error_code error;
  std::filesystem::create_directories(data, error);
  if (error)
    return fail_with({Code::forbidden, fmt::format("cannot make {}: {}", data.string(), error.message()),
                      "Set data.directory to a folder that Larmor may write to.", "data.directory"});
  auto rules = rules_file(settings, source.file);
  return Plan{std::move(settings), data, std::move(rules)};
}

}  // namespace larmor::app

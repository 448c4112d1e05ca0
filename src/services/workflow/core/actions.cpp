#include "services/workflow/core/actions.h"

#include <array>

namespace larmor::workflow {
namespace {

constexpr std::size_t kInstancesPerJob = 5000;  // keeps arguments well below dispatch.largest_arguments

std::vector<PlannedJob> analyse(const Action& action, const Occasion& occasion) {
  return {{{"pipeline/" + action.target,
            occasion.study,
            action.priority,
            {{"study", occasion.study.str()},
             {"generation", occasion.generation},
             {"rule", occasion.rule},
             {"send_to", action.send_results_to},
             {"priors_from", action.priors_from}}},
           {}}};
}

std::vector<PlannedJob> send(const Action& action, const Occasion& occasion) {
  std::vector<PlannedJob> jobs;
  for (std::size_t from = 0; from < occasion.instances.size(); from += kInstancesPerJob) {
    const auto part =
        std::span(occasion.instances).subspan(from, std::min(kInstancesPerJob, occasion.instances.size() - from));
    jobs.push_back(
        {{"export/" + action.target,
          occasion.study,
          action.priority,
          {{"instances", std::vector<SopUid>(part.begin(), part.end())}, {"result_of", ""}, {"rule", occasion.rule}}},
         {}});
  }
  return jobs;
}

constexpr std::array kAnalyseOptions = {OptionRow{"priority"}, OptionRow{"send_results_to", &Action::send_results_to},
                                        OptionRow{"priors_from", &Action::priors_from}};
constexpr std::array kSendOptions = {OptionRow{"priority"}};

constexpr std::array kActions = {
    ActionRow{"analyse", ActionRow::Target::pipeline, kAnalyseOptions, true, false, analyse},
    ActionRow{"send", ActionRow::Target::destination, kSendOptions, false, true, send},
};

}  // namespace

std::span<const ActionRow> actions() {
  return kActions;
}

const ActionRow* find_action(std::string_view name) {
  for (const auto& row : kActions)
    if (row.name == name) return &row;
  return nullptr;
}

std::vector<PlannedJob> plan(const Rule& rule, const Occasion& occasion) {
  std::vector<PlannedJob> all;
  auto key = fmt::format("{}/{}/{}", occasion.rule, occasion.study, occasion.generation);
  if (!occasion.once) key += fmt::format("/at-{}", occasion.trigger);
  for (const auto& action : rule.actions)
    for (auto& job : action.row->jobs(action, occasion)) {
      job.key = all.empty() ? key : fmt::format("{}/{}", key, all.size() + 1);
      all.push_back(std::move(job));
    }
  return all;
}

Json to_json(const Action& action) {
  Json json{{action.row->name, action.target}, {"priority", name(action.priority)}};
  for (const auto& option : action.row->options)
    if (option.destinations) json[std::string(option.name)] = action.*option.destinations;
  return json;
}

}  // namespace larmor::workflow

#pragma once
/// Rules as people write them: YAML, checked word by word.
///
/// Each error says FILE:LINE, what is wrong, and the nearest known name. `larmor check` calls the same functions.
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "services/workflow/core/rule.h"

namespace larmor::workflow {

/// The names that rules may use, besides the dictionary's keywords and the tables of triggers and actions.
struct Known {
  std::vector<std::string> pipelines, destinations;
};

struct LoadedRules {
  std::vector<Rule> rules;
  std::vector<Error> errors;  ///< in the order of the file; with any, the rules are not to be used
};

/// `name` stands in messages. Other keys beside `rules` at the top are left to others: the rules may stand in the
/// program's own configuration file.
LoadedRules parse_rules(const std::string& text, const std::string& name, const Known&);
/// An empty path has no rules. The first error, and how many more there are.
Result<std::vector<Rule>> load_rules(const std::filesystem::path&, const Known&);

}  // namespace larmor::workflow

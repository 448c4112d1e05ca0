#pragma once
/// Shell completion, printed from the commands themselves so that it is never out of date.
#include <string>
#include <vector>

namespace larmor::app {

struct CommandTree {
  std::string name, about;
  std::vector<std::string> options;  ///< "--config"
  std::vector<CommandTree> commands;
};

/// `shell` is bash, zsh or fish.
std::string completion_script(const std::string& shell, const CommandTree&);

}  // namespace larmor::app

#include "app/completion.h"

#include <fmt/format.h>

namespace larmor::app {
namespace {

std::string words_after(const CommandTree& tree) {
  std::string words;
  for (const auto& command : tree.commands) words += command.name + " ";
  for (const auto& option : tree.options) words += option + " ";
  if (!words.empty()) words.pop_back();
  return words;
}

/// One `case` arm per command path: "storage verify) words=... ;;"
void arms(const CommandTree& tree, const std::string& path, std::string& out) {
  out += fmt::format("    \"{}\") words=\"{}\" ;;\n", path, words_after(tree));
  for (const auto& command : tree.commands) arms(command, path.empty() ? command.name : path + " " + command.name, out);
}

/// bash and zsh (through bashcompinit) share one function: it joins the words that are no options into a path.
std::string bash(const CommandTree& tree) {
  std::string cases;
  arms(tree, "", cases);
  return "_larmor() {\n  local path=\"\" word words=\"\"\n  for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
         "    case $word in -*) ;; *) [ -n \"$path\" ] && path=\"$path $word\" || path=$word ;; esac\n  done\n"
         "  while :; do\n    case $path in\n" +
         cases +
         "    esac\n"
         "    [ -n \"$words\" ] && break\n    case $path in *\" \"*) path=${path% *} ;; *) path=\"\" ;; esac\n  done\n"
         "  COMPREPLY=($(compgen -W \"$words\" -- \"${COMP_WORDS[COMP_CWORD]}\"))\n}\n"
         "complete -o default -F _larmor larmor\n";
}

void fish_lines(const CommandTree& tree, const std::string& condition, std::string& out) {
  for (const auto& command : tree.commands) {
    out += fmt::format("complete -c larmor -n '{}' -f -a {} -d '{}'\n", condition, command.name, command.about);
    fish_lines(command, "__fish_seen_subcommand_from " + command.name, out);
  }
  for (const auto& option : tree.options)
    out += fmt::format("complete -c larmor -n '{}' -l {}\n", condition, option.substr(2));
}

}  // namespace

std::string completion_script(const std::string& shell, const CommandTree& tree) {
  if (shell == "fish") {
    std::string out;
    fish_lines(tree, "__fish_use_subcommand", out);
    return out;
  }
  return (shell == "zsh" ? "autoload -U +X bashcompinit && bashcompinit\n" : "") + bash(tree);
}

}  // namespace larmor::app

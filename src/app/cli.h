#pragma once
/// Words on the command line to a command's arguments; help, exit status, shell completion.

namespace larmor::app {

int run_command_line(int argc, char** argv);

}  // namespace larmor::app

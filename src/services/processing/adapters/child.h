#pragma once
/// Runs a program as a child that can hurt nobody: a process group of its own, bounds on memory, processor and
/// wall-clock time, and disk; no input, almost no environment, no inherited files; killed when its parent dies.
///
/// Threads: one run per call, any number at once; the calling thread must live as long as the run (it is the parent).
/// Failures: `unavailable` when the child cannot be started at all.
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "services/processing/core/verdict.h"

namespace larmor::processing {

struct ChildProgram {
  std::filesystem::path executable;
  std::vector<std::string> arguments;    ///< without the program's name
  std::vector<std::string> environment;  ///< "NAME=value"
  std::filesystem::path folder;          ///< working folder, and the one whose size is bounded
};

struct ChildWatch {
  std::function<void(std::string_view line)> line;  ///< of its standard output
  std::function<bool()> go_on;                      ///< asked five times a second; false ends the child in good order
};

Result<Ending> run_child(const ChildProgram&, const Limits&, const ChildWatch&);

}  // namespace larmor::processing

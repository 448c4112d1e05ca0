#pragma once
/// The configuration read, and what follows from it: where data and rules lie.
#include <filesystem>

#include "app/config.h"
#include "base/clock.h"

namespace larmor::app {

/// What the makers of services are given.
struct Plan {
  Settings settings;
  std::filesystem::path data;   ///< exists
  std::filesystem::path rules;  ///< the file that holds `rules:`; empty when there is no configuration file
  const Clock& clock = system_clock();
};

/// Loads the configuration and makes the data directory.
Result<Plan> plan_of(const ConfigSource&);

}  // namespace larmor::app
